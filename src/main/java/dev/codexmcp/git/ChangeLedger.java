package dev.codexmcp.git;

import dev.codexmcp.git.Attribution.By;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Attributes the changes in one working tree to jobs, from what was observed: when each writer ran, the patches it
 * reported, and the differences between snapshots. Changes made before or without a writer belong to no job.
 *
 * <p>Reading a tree takes time, so a snapshot is a span: a writer counts for a step between two snapshots if it may
 * have written after the first began and before the second ended. A writer may write from its first action on.
 *
 * <p>All times are by {@link System#nanoTime}. Thread-safe.
 */
public final class ChangeLedger {
    /** How long before its report an action may have started, in nanoseconds. */
    static final long REPORT_DELAY = TimeUnit.MILLISECONDS.toNanos(500);

    private final Map<String, Writer> writers = new LinkedHashMap<>();
    private final List<Patch> patches = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    /** The paths that were restored to their state before a job. */
    private final Map<String, Set<RepoPath>> undone = new HashMap<>();

    private long version;

    /** A path of more than one job, and the jobs. */
    public record Overlap(RepoPath path, Set<String> jobs) {
        public Overlap {
            Objects.requireNonNull(path);
            jobs = Set.copyOf(jobs);
        }
    }

    private record Span(long began, long ended) {}

    private record Patch(String job, RepoPath path, ChangeKind kind, long time) {}

    /** The differences between two successive snapshots. */
    private record Step(Span from, Span to, Map<RepoPath, PathChange> changes) {}

    private static final class Writer {
        private final long started;
        private final List<PathPattern> declared;
        private @Nullable Long acted;
        private @Nullable Long ended;

        Writer(long started, Collection<PathPattern> declared) {
            this.started = started;
            this.declared = List.copyOf(declared);
        }

        boolean mayHaveWritten(long from, long to) {
            return acted != null
                    && Math.max(started, acted - REPORT_DELAY) - to < 0
                    && (ended == null || ended - from > 0);
        }

        /** Whether it ran between these snapshots, and has ended without an action. */
        boolean ranSilently(long from, long to) {
            return acted == null && ended != null && started - to <= 0 && ended - from > 0;
        }

        /** Whether it may have written by then. One that has ended without an action may have written all the time. */
        boolean mayHaveWritten(long time) {
            Long first = acted == null ? ended : acted;
            return first != null && first - time <= 0;
        }

        boolean ranBeside(Writer other) {
            return (ended == null || other.started - ended < 0) && (other.ended == null || started - other.ended < 0);
        }

        boolean ran(long from, long to) {
            return started - to <= 0 && (ended == null || ended - from >= 0);
        }
    }

    /**
     * A worker that may write has started. Its snapshot may follow later, see {@link #snapshot}.
     *
     * @param declared what it intends to write
     */
    public synchronized void started(String job, long time, Collection<PathPattern> declared) {
        version++;
        if (writers.putIfAbsent(job, new Writer(time, declared)) != null) {
            throw new IllegalArgumentException(job + " has started already");
        }
    }

    /** The worker has started a command, a patch or another tool call. Only its first action matters. */
    public synchronized void acted(String job, long time) {
        Writer writer = writer(job);
        if (writer.acted == null) {
            writer.acted = time;
        }
    }

    /** The worker has reported a patch of a file. */
    public synchronized void patched(String job, RepoPath path, ChangeKind kind, long time) {
        acted(job, time);
        version++;
        patches.add(new Patch(job, path, kind, time));
    }

    /** These paths are as they were before the job: they no longer overlap with those of other jobs. */
    public synchronized void restored(String job, Collection<RepoPath> paths) {
        writer(job);
        version++;
        undone.computeIfAbsent(job, j -> new HashSet<>()).addAll(paths);
    }

    /** Increases whenever the {@linkplain #overlaps overlaps} may have changed. */
    public synchronized long version() {
        return version;
    }

    /** The worker has ended with all its descendants. */
    public synchronized void ended(String job, long time) {
        version++;
        writer(job).ended = time;
    }

    /**
     * The next snapshot.
     *
     * @param changes against the previous snapshot; empty for the first
     */
    public synchronized void snapshot(long began, long ended, Collection<PathChange> changes) {
        version++;
        Span span = new Span(began, ended);
        if (!spans.isEmpty()) {
            Map<RepoPath, PathChange> byPath = new LinkedHashMap<>();
            changes.forEach(change -> byPath.put(change.path(), change));
            steps.add(new Step(spans.get(spans.size() - 1), span, byPath));
        } else if (!changes.isEmpty()) {
            throw new IllegalArgumentException("The first snapshot can't have changes");
        }
        spans.add(span);
    }

    private Writer writer(String job) {
        Writer writer = writers.get(job);
        if (writer == null) {
            throw new IllegalArgumentException("No writer " + job);
        }
        return writer;
    }

    /**
     * Whether a snapshot shows the tree between the job's start and its first action, or its end. Without one, the job's changes
     * before the first snapshot are unknown, and the user's changes before the job may count as the job's.
     */
    public synchronized boolean hasBaseline(String job) {
        Writer writer = writer(job);
        return spans.stream()
                .anyMatch(span -> span.ended() - writer.started >= 0 && !writer.mayHaveWritten(span.ended()));
    }

    /** The paths that the job has changed or may have changed, sorted. */
    public List<Attribution> changes(String job) {
        return changes(Set.of(job));
    }

    /** The same for several jobs, as if they were one. */
    public synchronized List<Attribution> changes(Set<String> jobs) {
        jobs.forEach(this::writer);
        Map<RepoPath, By> by = new TreeMap<>();
        Map<RepoPath, ChangeKind> kinds = new LinkedHashMap<>();
        Map<RepoPath, Set<String>> candidates = new LinkedHashMap<>();
        Map<RepoPath, Entries> entries = new LinkedHashMap<>();
        for (Patch patch : patches) {
            if (jobs.contains(patch.job())) {
                by.put(patch.path(), By.PATCH);
                kinds.put(patch.path(), patch.kind());
            }
        }
        boolean begun = false;
        for (Step step : steps) {
            Set<String> present = present(step);
            boolean reported = !present.isEmpty();
            if (!reported) {
                present = silent(step);
            }
            boolean among = present.stream().anyMatch(jobs::contains);
            boolean alone = jobs.containsAll(present);
            begun |= among;
            if (!begun) {
                continue;
            }
            for (PathChange change : step.changes().values()) {
                RepoPath path = change.path();
                Set<String> patchers = patchers(step, path);
                Entries seen = entries.computeIfAbsent(path, p -> new Entries(change.before()));
                if (patchers.isEmpty() ? among : patchers.stream().anyMatch(jobs::contains)) {
                    if (patchers.isEmpty()) {
                        by.merge(path, alone ? By.COMMAND : By.UNKNOWN, ChangeLedger::surer);
                        candidates.computeIfAbsent(path, p -> new TreeSet<>()).addAll(present);
                    }
                    seen.touched = true;
                    seen.after = change.after();
                }
                seen.others.addAll(
                        patchers.isEmpty() ? (reported && present.size() == 1 ? present : Set.of()) : patchers);
            }
        }
        List<Attribution> result = new ArrayList<>();
        by.forEach((path, sure) -> {
            Entries seen = entries.get(path);
            PathChange change = seen == null ? null : seen.change(path);
            if (change != null || sure == By.PATCH) {
                Set<String> maybe = sure == By.UNKNOWN ? candidates.getOrDefault(path, Set.of()) : Set.of();
                result.add(new Attribution(path, sure, maybe, change, kinds.get(path), others(jobs, path, seen)));
            }
        });
        return result;
    }

    /** The states of each path in the steps since a job's first action. */
    private static final class Entries {
        private final @Nullable Entry before;
        private final Set<String> others = new TreeSet<>();
        private @Nullable Entry after;
        private boolean touched;

        Entries(@Nullable Entry before) {
            this.before = before;
        }

        @Nullable
        PathChange change(RepoPath path) {
            return touched && !Objects.equals(before, after) ? new PathChange(path, before, after) : null;
        }
    }

    private static By surer(By one, By other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private Set<String> others(Set<String> jobs, RepoPath path, @Nullable Entries seen) {
        Set<String> others = seen == null ? new TreeSet<>() : seen.others;
        for (Patch patch : patches) {
            if (patch.path().equals(path) && jobs.stream().anyMatch(job -> patch.time() - writer(job).started >= 0)) {
                others.add(patch.job());
            }
        }
        others.removeAll(jobs);
        return others;
    }

    /** Those that ran in the step and have ended without an action: a worker that reports nothing may still write. */
    private Set<String> silent(Step step) {
        Set<String> silent = new TreeSet<>();
        writers.forEach((job, writer) -> {
            // What was changed before the snapshot at its start is not its own.
            long latest = hasBaseline(job) ? step.from().ended() : step.to().ended();
            if (writer.ranSilently(step.from().began(), latest)) {
                silent.add(job);
            }
        });
        return silent;
    }

    /** The writers that may have written in the step. */
    private Set<String> present(Step step) {
        Set<String> present = new TreeSet<>();
        writers.forEach((job, writer) -> {
            if (writer.mayHaveWritten(step.from().began(), step.to().ended())) {
                present.add(job);
            }
        });
        return present;
    }

    /** The writers that reported a patch of the path in the step. */
    private Set<String> patchers(Step step, RepoPath path) {
        Set<String> patchers = new TreeSet<>();
        for (Patch patch : patches) {
            if (patch.path().equals(path)
                    && patch.time() - step.from().began() > 0
                    && patch.time() - step.to().ended() <= 0) {
                patchers.add(patch.job());
            }
        }
        return patchers;
    }

    /**
     * The paths known to be changed by two jobs, or changed by one while another that had declared them was running.
     * Sorted.
     */
    public synchronized List<Overlap> overlaps() {
        Map<RepoPath, Set<String>> changers = new TreeMap<>();
        for (Patch patch : patches) {
            changers.computeIfAbsent(patch.path(), p -> new TreeSet<>()).add(patch.job());
            addDeclared(changers, patch.path(), patch.time(), patch.time());
        }
        for (Step step : steps) {
            Set<String> present = present(step);
            for (RepoPath path : step.changes().keySet()) {
                if (present.size() == 1 && patchers(step, path).isEmpty()) {
                    changers.computeIfAbsent(path, p -> new TreeSet<>()).addAll(present);
                    addDeclared(changers, path, step.from().ended(), step.to().began());
                }
            }
        }
        List<Overlap> overlaps = new ArrayList<>();
        changers.forEach((path, jobs) -> {
            jobs.removeIf(job -> undone.getOrDefault(job, Set.of()).contains(path));
            if (jobs.size() > 1) {
                overlaps.add(new Overlap(path, jobs));
            }
        });
        return overlaps;
    }

    /** A job's changes have been brought into this tree from elsewhere, in this span. */
    public synchronized void applied(String job, long began, long until, Collection<RepoPath> paths) {
        Writer writer = writers.computeIfAbsent(job, j -> new Writer(began, List.of()));
        paths.forEach(path -> patched(job, path, ChangeKind.UPDATE, until));
        writer.ended = until;
    }

    /** The jobs known to have changed the path. */
    public synchronized Set<String> changers(RepoPath path) {
        Set<String> changers = new TreeSet<>();
        for (String job : writers.keySet()) {
            for (Attribution change : changes(job)) {
                if (change.path().equals(path) && change.by() != By.UNKNOWN) {
                    changers.add(job);
                }
            }
        }
        return changers;
    }

    /** Whether the two ran at the same time. */
    public synchronized boolean ranBeside(String job, String other) {
        return writer(job).ranBeside(writer(other));
    }

    private void addDeclared(Map<RepoPath, Set<String>> changers, RepoPath path, long from, long to) {
        writers.forEach((job, writer) -> {
            if (!writer.declared.isEmpty()
                    && writer.ran(from, to)
                    && writer.declared.stream().anyMatch(pattern -> pattern.matches(path))) {
                changers.computeIfAbsent(path, p -> new TreeSet<>()).add(job);
            }
        });
    }
}

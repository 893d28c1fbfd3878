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
    private final Map<String, Writer> writers = new LinkedHashMap<>();

    /** Those that have declared what they write. */
    private final List<Writer> declaring = new ArrayList<>();

    private final ReportedPatches patches = new ReportedPatches();
    private final SnapshotSteps steps = new SnapshotSteps();

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

    /**
     * A worker that may write has started. Its snapshot may follow later, see {@link #snapshot}.
     *
     * @param declared what it intends to write
     */
    public synchronized void started(String job, long time, Collection<PathPattern> declared) {
        version++;
        Writer writer = new Writer(job, time, declared);
        if (writers.putIfAbsent(job, writer) != null) {
            throw new IllegalArgumentException(job + " has started already");
        }
        if (writer.declares()) {
            declaring.add(writer);
        }
        steps.started(writer);
    }

    /** The worker has started a command, a patch or another tool call. Only its first action matters. */
    public synchronized void acted(String job, long time) {
        writer(job).acted(time);
    }

    /** The worker has reported a patch of a file. */
    public synchronized void patched(String job, RepoPath path, ChangeKind kind, long time) {
        acted(job, time);
        version++;
        patches.add(new ReportedPatches.Patch(writer(job), path, kind, time));
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
        writer(job).ended(time);
    }

    /**
     * The next snapshot.
     *
     * @param changes against the previous snapshot; empty for the first
     */
    public synchronized void snapshot(long began, long ended, Collection<PathChange> changes) {
        version++;
        steps.snapshot(new SnapshotSteps.Span(began, ended), changes);
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
        return steps.showBaseline(writer(job));
    }

    /** The paths that the job has changed or may have changed, sorted. */
    public List<Attribution> changes(String job) {
        return changes(Set.of(job));
    }

    /** The same for several jobs, as if they were one. */
    public synchronized List<Attribution> changes(Set<String> jobs) {
        List<Writer> asked = new ArrayList<>();
        jobs.forEach(job -> asked.add(writer(job)));
        long first = asked.get(0).started();
        for (Writer writer : asked) {
            first = writer.started() - first < 0 ? writer.started() : first;
        }
        return new Attributor(steps, patches, asked).changes(first);
    }

    /**
     * The paths known to be changed by two jobs, or changed by one while another that had declared them was running.
     * Sorted.
     */
    public synchronized List<Overlap> overlaps() {
        Map<RepoPath, Set<String>> changers = new TreeMap<>();
        for (RepoPath path : patches.paths()) {
            Set<String> jobs = changers.computeIfAbsent(path, p -> new TreeSet<>());
            for (ReportedPatches.Patch patch : patches.of(path)) {
                jobs.add(patch.writer().job());
                addDeclared(jobs, path, patch.time(), patch.time());
            }
        }
        for (SnapshotSteps.Step step : steps.all()) {
            Set<String> present = step.changes().isEmpty() ? Set.of() : step.present();
            if (present.size() != 1) {
                continue;
            }
            for (RepoPath path : step.changes().keySet()) {
                if (patches.patchers(step, path).isEmpty()) {
                    Set<String> jobs = changers.computeIfAbsent(path, p -> new TreeSet<>());
                    jobs.addAll(present);
                    addDeclared(jobs, path, step.from().ended(), step.to().began());
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

    private void addDeclared(Set<String> jobs, RepoPath path, long from, long to) {
        for (Writer writer : declaring) {
            if (writer.ran(from, to) && writer.hasDeclared(path)) {
                jobs.add(writer.job());
            }
        }
    }

    /** A job's changes have been brought into this tree from elsewhere, in this span. */
    public synchronized void applied(String job, long began, long until, Collection<RepoPath> paths) {
        Writer writer = writers.computeIfAbsent(job, j -> new Writer(j, began, List.of()));
        paths.forEach(path -> patched(job, path, ChangeKind.UPDATE, until));
        writer.ended(until);
        steps.started(writer);
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

    /** Those of the jobs that ran at the same time as another of them. */
    public synchronized Set<String> besideEachOther(Collection<String> jobs) {
        List<Writer> byStart = new ArrayList<>();
        jobs.forEach(job -> byStart.add(writer(job)));
        byStart.sort((one, other) -> Long.signum(one.started() - other.started()));
        Set<String> beside = new HashSet<>();
        // Of those before, the one that ended last decides.
        Writer last = null;
        for (Writer writer : byStart) {
            if (last != null && last.ranBeside(writer)) {
                beside.add(last.job());
                beside.add(writer.job());
            }
            last = last == null || writer.outlives(last) ? writer : last;
        }
        return beside;
    }
}

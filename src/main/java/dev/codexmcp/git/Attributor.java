package dev.codexmcp.git;

import dev.codexmcp.git.Attribution.By;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Works out what some jobs, taken as one, have changed. Used once, under the lock of a {@link ChangeLedger}. */
final class Attributor {
    private final SnapshotSteps steps;
    private final ReportedPatches patches;
    private final Collection<Writer> writers;
    private final Set<String> jobs = new TreeSet<>();

    private final Map<RepoPath, By> by = new TreeMap<>();
    private final Map<RepoPath, ChangeKind> kinds = new LinkedHashMap<>();
    private final Map<RepoPath, Set<String>> candidates = new LinkedHashMap<>();
    private final Map<RepoPath, Entries> entries = new LinkedHashMap<>();

    /** The states of a path in the steps since the jobs' first action. */
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

    Attributor(SnapshotSteps steps, ReportedPatches patches, Collection<Writer> writers) {
        this.steps = steps;
        this.patches = patches;
        this.writers = writers;
        writers.forEach(writer -> jobs.add(writer.job()));
    }

    /**
     * The paths that the jobs have changed or may have changed, sorted.
     *
     * @param since when the first of them started
     */
    List<Attribution> changes(long since) {
        for (String job : jobs) {
            for (ReportedPatches.Patch patch : patches.of(job)) {
                by.put(patch.path(), By.PATCH);
                kinds.put(patch.path(), patch.kind());
            }
        }
        boolean begun = false;
        for (SnapshotSteps.Step step : steps.after(since)) {
            if (begun && step.changes().isEmpty()) {
                continue;
            }
            Set<String> present = step.present();
            boolean reported = !present.isEmpty();
            if (!reported) {
                present = steps.silent(step);
            }
            begun |= present.stream().anyMatch(jobs::contains);
            if (begun) {
                add(step, present, reported);
            }
        }
        List<Attribution> result = new ArrayList<>();
        by.forEach((path, sure) -> {
            Entries seen = entries.get(path);
            PathChange change = seen == null ? null : seen.change(path);
            if (change != null || sure == By.PATCH) {
                Set<String> maybe = sure == By.UNKNOWN ? candidates.getOrDefault(path, Set.of()) : Set.of();
                result.add(new Attribution(path, sure, maybe, change, kinds.get(path), others(path, seen)));
            }
        });
        return result;
    }

    /** @param reported whether those present have acted; otherwise they have ended without a word */
    private void add(SnapshotSteps.Step step, Set<String> present, boolean reported) {
        boolean among = present.stream().anyMatch(jobs::contains);
        boolean alone = jobs.containsAll(present);
        for (PathChange change : step.changes().values()) {
            RepoPath path = change.path();
            Set<String> patchers = patches.patchers(step, path);
            Entries seen = entries.computeIfAbsent(path, p -> new Entries(change.before()));
            if (patchers.isEmpty() ? among : patchers.stream().anyMatch(jobs::contains)) {
                if (patchers.isEmpty()) {
                    by.merge(path, alone ? By.COMMAND : By.UNKNOWN, Attributor::surer);
                    candidates.computeIfAbsent(path, p -> new TreeSet<>()).addAll(present);
                }
                seen.touched = true;
                seen.after = change.after();
            }
            seen.others.addAll(patchers.isEmpty() ? (reported && present.size() == 1 ? present : Set.of()) : patchers);
        }
    }

    private static By surer(By one, By other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private Set<String> others(RepoPath path, @Nullable Entries seen) {
        Set<String> others = seen == null ? new TreeSet<>() : seen.others;
        for (ReportedPatches.Patch patch : patches.of(path)) {
            if (writers.stream().anyMatch(writer -> patch.time() - writer.started() >= 0)) {
                others.add(patch.writer().job());
            }
        }
        others.removeAll(jobs);
        return others;
    }
}

package dev.codexmcp.git;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The patches that workers have reported. Its {@link ChangeLedger}'s lock guards it. */
final class ReportedPatches {
    /** A worker has patched a path; the report came at this time, by {@link System#nanoTime}. */
    record Patch(Writer writer, RepoPath path, ChangeKind kind, long time) {}

    private final Map<String, List<Patch>> byJob = new HashMap<>();
    private final Map<RepoPath, List<Patch>> byPath = new HashMap<>();

    void add(Patch patch) {
        byJob.computeIfAbsent(patch.writer().job(), job -> new ArrayList<>()).add(patch);
        byPath.computeIfAbsent(patch.path(), path -> new ArrayList<>()).add(patch);
    }

    /** In the order of their reports. */
    List<Patch> of(String job) {
        return byJob.getOrDefault(job, List.of());
    }

    /** In the order of their reports. */
    List<Patch> of(RepoPath path) {
        return byPath.getOrDefault(path, List.of());
    }

    /** All paths that have been patched. */
    Set<RepoPath> paths() {
        return byPath.keySet();
    }

    /** The jobs that reported a patch of the path in the step. */
    Set<String> patchers(SnapshotSteps.Step step, RepoPath path) {
        Set<String> patchers = new TreeSet<>();
        for (Patch patch : of(path)) {
            if (patch.time() - step.from().began() > 0
                    && patch.time() - step.to().ended() <= 0) {
                patchers.add(patch.writer().job());
            }
        }
        return patchers;
    }
}

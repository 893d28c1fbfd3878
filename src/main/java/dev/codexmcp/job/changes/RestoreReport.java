package dev.codexmcp.job.changes;

import dev.codexmcp.git.RepoPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The result of a restore, real or of a dry run.
 *
 * @param restored the paths that are as they were before the job
 * @param kept the paths left alone, and why
 * @param undone of the restored paths, those that other jobs had changed too, with these jobs
 * @param copies the folder with what was replaced; empty if nothing was written
 */
public record RestoreReport(
        List<RepoPath> restored, Map<RepoPath, String> kept, Map<RepoPath, Set<String>> undone, Optional<Path> copies) {
    public RestoreReport {
        restored = List.copyOf(restored);
        kept = Map.copyOf(kept);
        undone = Map.copyOf(undone);
    }
}

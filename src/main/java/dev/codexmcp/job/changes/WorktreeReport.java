package dev.codexmcp.job.changes;

import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.Worktree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The result of applying or discarding a worktree, real or of a dry run.
 *
 * @param applied the paths that have changed in the main tree
 * @param conflicts the paths in conflict, with the jobs that have changed them in the main tree; if there are any, nothing was
 *     done
 * @param worktree the worktree, if it still exists
 * @param notes what could not be applied
 */
public record WorktreeReport(
        List<RepoPath> applied, Map<RepoPath, Set<String>> conflicts, Optional<Worktree> worktree, List<String> notes) {
    public WorktreeReport {
        applied = List.copyOf(applied);
        conflicts = Map.copyOf(conflicts);
        notes = List.copyOf(notes);
    }
}

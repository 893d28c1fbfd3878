package dev.codexmcp.git;

import dev.codexmcp.git.Snapshot.Omission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Applies the changes of a worktree to the user's tree, without staging or committing them: a three-way merge with the
 * worktree's first commit as base. All or nothing: a conflict leaves the user's tree unchanged. Keeps the worktree.
 */
public final class WorktreeApply {
    private final SnapshotStore store;
    private final Worktrees worktrees;
    private final Consumer<String> steps;

    public WorktreeApply(SnapshotStore store) {
        this(store, step -> {});
    }

    /** @param steps is notified before each step */
    WorktreeApply(SnapshotStore store, Consumer<String> steps) {
        this.store = store;
        this.worktrees = new Worktrees(store);
        this.steps = steps;
    }

    /**
     * What was done, or would be done.
     *
     * @param applied the paths written in the user's tree
     * @param conflicts the paths in conflict; if there are any, nothing was written
     * @param omitted files of the worktree that could not be read and so are not applied
     */
    public record Result(List<RepoPath> applied, List<RepoPath> conflicts, Map<RepoPath, Omission> omitted) {
        public Result {
            applied = List.copyOf(applied);
            conflicts = List.copyOf(conflicts);
            omitted = Map.copyOf(omitted);
        }
    }

    /**
     * Applies the worktree's changes, or reports what that would do.
     *
     * @param dryRun whether only to report what would be done
     */
    public Result apply(Worktree worktree, Repository main, boolean dryRun) throws IOException {
        store.program().require(Worktrees.NEEDED, "Applying a worktree");
        Snapshot theirs = worktrees.everything(worktree);
        Snapshot ours = store.take(main);
        ShadowRepository shadow = store.shadow(main);
        String base = worktrees.baseTree(worktree);
        GitOutput merge = merge(shadow, base, ours.tree(), theirs.tree());
        List<RepoPath> parts = merge.parts();
        if (merge.exitCode() != 0) {
            return new Result(List.of(), parts.subList(1, parts.size()), theirs.omitted());
        }
        TreeDiff diff = store.diff(main);
        List<PathChange> changes = diff.changes(ours.tree(), parts.get(0).text());
        List<RepoPath> conflicts = new ArrayList<>();
        for (PathChange change : changes) {
            if (isInTheWay(change, main.root())) {
                conflicts.add(change.path());
            }
        }
        List<RepoPath> applied = changes.stream().map(PathChange::path).toList();
        if (!conflicts.isEmpty() || changes.isEmpty() || dryRun) {
            return new Result(conflicts.isEmpty() ? applied : List.of(), conflicts, theirs.omitted());
        }
        Folders.delete(FileWrite.run(store, main, ours, changes, "apply", steps));
        return new Result(applied, List.of(), theirs.omitted());
    }

    /**
     * Whether a file is in the way that the snapshot lacks, such as an ignored one, or a submodule would have to
     * change.
     */
    private static boolean isInTheWay(PathChange change, Path root) throws IOException {
        Entry before = change.before();
        Entry after = change.after();
        if ((before != null && before.isSubmodule()) || (after != null && after.isSubmodule())) {
            return true;
        }
        FileWrite.checkName(change.path());
        return before == null
                && FileCopy.exists(change.path().under(root))
                && !Files.isDirectory(change.path().under(root));
    }

    private static GitOutput merge(ShadowRepository shadow, String base, String ours, String theirs)
            throws IOException {
        String ancestor = commit(shadow, base);
        return shadow.command(
                        "merge-tree",
                        "--write-tree",
                        "-z",
                        "--name-only",
                        "--no-messages",
                        commit(shadow, ours, "-p", ancestor),
                        commit(shadow, theirs, "-p", ancestor))
                .success(0, 1)
                .run();
    }

    /** A temporary commit: git merges trees by commits. */
    private static String commit(ShadowRepository shadow, String tree, String... parents) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("commit-tree", "-m", "state", tree));
        arguments.addAll(List.of(parents));
        return shadow.committing(arguments.toArray(String[]::new)).run().line();
    }
}

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
 * Brings the changes of a worktree into the user's tree, as changes that are not committed and not staged: three-way, against the commit that
 * the worktree began with. All or nothing: with a conflict the user's tree is as it was. The worktree stays.
 */
public final class WorktreeApply {
    private final SnapshotStore store;
    private final Worktrees worktrees;
    private final Consumer<String> steps;

    public WorktreeApply(SnapshotStore store) {
        this(store, step -> {});
    }

    /**
     * @param steps hears of each step before it is done
     */
    WorktreeApply(SnapshotStore store, Consumer<String> steps) {
        this.store = store;
        this.worktrees = new Worktrees(store);
        this.steps = steps;
    }

    /**
     * What was done, or would be.
     *
     * @param applied the paths of the user's tree that were written
     * @param conflicts the paths on which both sides disagree; if there is one, nothing was written
     * @param omitted what of the worktree could not be read, and so is not applied
     */
    public record Result(List<RepoPath> applied, List<RepoPath> conflicts, Map<RepoPath, Omission> omitted) {
        public Result {
            applied = List.copyOf(applied);
            conflicts = List.copyOf(conflicts);
            omitted = Map.copyOf(omitted);
        }
    }

    /**
     * Applies the worktree's changes, or says what applying them would do.
     *
     * @param dryRun whether only to say what would be done
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

    /** Whether a file stands there that the snapshot does not have, such as an ignored one, or a submodule would have to change. */
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

    /** A commit that nobody sees: trees are merged by their commits. */
    private static String commit(ShadowRepository shadow, String tree, String... parents) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("commit-tree", "-m", "state", tree));
        arguments.addAll(List.of(parents));
        return shadow.committing(arguments.toArray(String[]::new)).run().line();
    }
}

package dev.codexmcp.git;

import dev.codexmcp.git.GitException.Problem;
import dev.codexmcp.git.Snapshot.Omission;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One working tree with an index of our own, which includes untracked files. It starts as a copy of the user's index,
 * whose file times save reading unchanged files, and is updated by each snapshot until the user's index changes.
 *
 * <p>A file that was in a snapshot stays in the next ones as long as it exists, even if it is ignored by then:
 * otherwise it would seem deleted.
 */
final class WorkingTree {
    /** How often to retry a file that changes while it is read. */
    private static final int TRIES = 20;

    private final ShadowRepository shadow;
    private final Path index;

    /** The user's index as it was when ours was copied from it. */
    private @Nullable FileStamp seed;

    /** The untracked files in our index, with their lengths. */
    private final Map<RepoPath, Long> untracked = new HashMap<>();

    private @Nullable String lastTree;

    /** Whether our index has been copied again since the last snapshot. */
    private boolean seeded;

    /** Whether {@link #lastTree} was written from the current state of our index. */
    private boolean written;

    WorkingTree(ShadowRepository shadow) {
        this.shadow = shadow;
        this.index = shadow.folder().resolve("index");
    }

    ShadowRepository shadow() {
        return shadow;
    }

    /**
     * @param largest the largest untracked file to store, in bytes
     * @param most how many bytes of untracked files to store in total
     */
    synchronized Snapshot take(long largest, long most) throws IOException {
        long began = System.nanoTime();
        shadow.refresh();
        seedIfChanged();
        Map<RepoPath, Omission> omitted = new TreeMap<>();
        List<String> notes = new ArrayList<>();
        IndexUpdate.Limits limits = new IndexUpdate.Limits(largest, most);
        update(limits, omitted, notes);
        String tree = lastTree;
        if (tree == null || !written) {
            tree = writeTree();
            if (lastTree != null && seeded && keepFollowing(lastTree, tree, limits, omitted)) {
                tree = writeTree();
            }
        }
        seeded = false;
        lastTree = tree;
        written = true;
        return new Snapshot(shadow.repository().root(), tree, omitted, notes, began, System.nanoTime());
    }

    private void seedIfChanged() throws IOException {
        Path users = shadow.repository().gitDir().resolve("index");
        for (int tries = 0; tries < TRIES; tries++) {
            FileStamp before = FileStamp.of(users);
            if (before.equals(seed)) {
                return;
            }
            seed = null;
            seeded = true;
            written = false;
            untracked.clear();
            Files.deleteIfExists(index);
            if (before.exists()) {
                copy(users, before);
            }
            if (FileStamp.of(users).equals(before)) {
                seed = before;
                return;
            }
        }
        throw new GitException(
                Problem.FAILED, "The index of " + shadow.repository().root() + " keeps changing.");
    }

    private void copy(Path users, FileStamp stamp) throws IOException {
        try {
            // An index may be split: the shared part is then a file next to it.
            try (DirectoryStream<Path> shared =
                    Files.newDirectoryStream(shadow.repository().gitDir(), "sharedindex.*")) {
                for (Path file : shared) {
                    Files.copy(file, shadow.folder().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.copy(users, index);
            // Git does not trust the times of files that are not older than the index, so the copy must not look newer.
            Files.setLastModifiedTime(index, stamp.modified());
        } catch (NoSuchFileException e) {
            // Just replaced: the stamp will show it.
        }
    }

    /** Updates the index from the disk. */
    private void update(IndexUpdate.Limits limits, Map<RepoPath, Omission> omitted, List<String> notes)
            throws IOException {
        GitCommand.Running tracked = shadow.inTree(index, "diff-files", "-z", "--raw", "--ignore-submodules=dirty")
                .start();
        GitCommand.Running others = shadow.inTree(index, "ls-files", "-z", "--others", "--exclude-standard")
                .start();
        IndexUpdate update = new IndexUpdate(shadow.repository().root(), limits, untracked, omitted);
        try {
            update.addTracked(tracked.await());
        } finally {
            GitOutput output = others.await();
            update.addUntracked(output);
            if (!output.errors().isBlank()) {
                notes.add("Git could not read all folders: " + output.errors().strip() + ".");
            }
        }
        apply(update, omitted);
    }

    /** Applies the update; returns whether there was anything to do. */
    private boolean apply(IndexUpdate update, Map<RepoPath, Omission> omitted) throws IOException {
        if (!update.changesIndex()) {
            return false;
        }
        written = false;
        if (!update.removals().isEmpty()) {
            shadow.inTree(index, "update-index", "-z", "--index-info")
                    .input(update.removalLines(shadow.emptyTree().length()))
                    .run();
        }
        for (int tries = 0; !update.files().isEmpty(); tries++) {
            try {
                shadow.inTree(index, "update-index", "-z", "--add", "--remove", "--replace", "--stdin")
                        .input(update.fileLines())
                        .run();
                break;
            } catch (GitException e) {
                // Git crashes on a file that was truncated while mapped; for an unreadable file it prints an error.
                if (tries >= TRIES || e.problem() != Problem.FAILED) {
                    throw e;
                }
                update.unreadable(String.valueOf(e.getMessage()))
                        .ifPresent(path -> omitted.put(path, Omission.UNREADABLE));
            }
        }
        return true;
    }

    /**
     * Adds files that the previous tree had and this one lacks although they still exist; returns whether there were
     * any.
     */
    private boolean keepFollowing(
            String former, String tree, IndexUpdate.Limits limits, Map<RepoPath, Omission> omitted) throws IOException {
        GitOutput gone = shadow.command(
                        "diff-tree", "-r", "-z", "--name-only", "--diff-filter=D", "--no-renames", former, tree)
                .run();
        IndexUpdate update = new IndexUpdate(shadow.repository().root(), limits, untracked, omitted);
        for (RepoPath path : gone.parts()) {
            if (!omitted.containsKey(path) && isFileBelowFolders(path)) {
                update.addOther(path);
            }
        }
        return apply(update, omitted);
    }

    private boolean isFileBelowFolders(RepoPath path) {
        Path root = shadow.repository().root();
        for (RepoPath folder = path.parent(); folder != null; folder = folder.parent()) {
            if (!Files.isDirectory(folder.under(root), LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        Path file = path.under(root);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(file);
    }

    private String writeTree() throws IOException {
        return shadow.withIndex(index, "write-tree", "--missing-ok").run().line();
    }
}

package dev.codexmcp.git;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The state of a working tree during a short span: files are read one after the other.
 *
 * @param root the root of the working tree
 * @param tree the id of a tree object in the store's own repository
 * @param omitted files that are missing from the tree, or in it in an older state; their changes are unknown
 * @param notes other remarks, for the reader of a result
 * @param began when reading began, by {@link System#nanoTime}
 * @param ended when reading ended
 */
public record Snapshot(
        Path root, String tree, Map<RepoPath, Omission> omitted, List<String> notes, long began, long ended) {
    public Snapshot {
        Objects.requireNonNull(root);
        Objects.requireNonNull(tree);
        omitted = Map.copyOf(omitted);
        notes = List.copyOf(notes);
    }

    /** Why a file is not in a snapshot. */
    public enum Omission {
        /** Untracked and longer than {@link SnapshotStore#LARGEST_UNTRACKED}. */
        TOO_LARGE,
        /** Untracked, beyond {@link SnapshotStore#MOST_UNTRACKED} bytes in total. */
        TOO_MUCH,
        /** Git could not read it. */
        UNREADABLE,
        /** A nested repository that is not a submodule: its files are not read. */
        NESTED_REPOSITORY
    }
}

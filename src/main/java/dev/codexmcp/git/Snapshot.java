package dev.codexmcp.git;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The state of a working tree at one moment, or rather between two: files are read one after the other.
 *
 * @param root of the working tree
 * @param tree the id of a tree object that the store's own repository holds
 * @param omitted what is there and not in the tree, or in it as it was before; no change of these is known
 * @param notes about the rest, for the reader of an answer
 * @param began when reading began, by {@link System#nanoTime}
 * @param ended when reading had ended
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
        /** Untracked, and longer than {@link SnapshotStore#LARGEST_UNTRACKED}. */
        TOO_LARGE,
        /** Untracked, when {@link SnapshotStore#MOST_UNTRACKED} bytes had been stored. */
        TOO_MUCH,
        /** Git could not read it. */
        UNREADABLE,
        /** A repository of its own that is no submodule: its files are not looked at. */
        NESTED_REPOSITORY
    }
}

package dev.codexmcp.git;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A changed file, as shown to people.
 *
 * @param path the current path, or the last one if deleted
 * @param from the path before a rename; null for every other kind
 * @param added lines; -1 for a binary file
 * @param removed lines; -1 for a binary file
 */
public record FileChange(
        RepoPath path, ChangeKind kind, @Nullable RepoPath from, int added, int removed) {
    public FileChange {
        Objects.requireNonNull(path);
        Objects.requireNonNull(kind);
        if ((from != null) != (kind == ChangeKind.RENAME)) {
            throw new IllegalArgumentException("Renames, and only they, have a former path");
        }
    }
}

package dev.codexmcp.git;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A changed file, as people see it.
 *
 * @param path where it is now, or was
 * @param from where it was before a rename; null with every other kind
 * @param added lines; -1 for a binary file
 * @param removed lines; -1 for a binary file
 */
public record FileChange(
        RepoPath path, ChangeKind kind, @Nullable RepoPath from, int added, int removed) {
    public FileChange {
        Objects.requireNonNull(path);
        Objects.requireNonNull(kind);
        if ((from != null) != (kind == ChangeKind.RENAME)) {
            throw new IllegalArgumentException("A rename, and nothing else, has a former path");
        }
    }
}

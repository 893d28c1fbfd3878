package dev.codexmcp.git;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path that differs between two trees. A renamed file is two of these.
 *
 * @param before null if it did not exist
 * @param after null if it no longer exists
 */
public record PathChange(
        RepoPath path, @Nullable Entry before, @Nullable Entry after) {
    public PathChange {
        Objects.requireNonNull(path);
        if (Objects.equals(before, after)) {
            throw new IllegalArgumentException(path + " has not changed");
        }
    }

    /** The change that undoes this one. */
    PathChange reversed() {
        return new PathChange(path, /* before= */ after, /* after= */ before);
    }
}

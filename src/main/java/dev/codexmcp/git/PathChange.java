package dev.codexmcp.git;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path that is not the same in two trees. A file that was renamed is two of these.
 *
 * @param before null if it was not there
 * @param after null if it is not there any more
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

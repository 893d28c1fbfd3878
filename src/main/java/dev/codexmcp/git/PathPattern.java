package dev.codexmcp.git;

import java.util.Objects;

/**
 * What somebody means to write: one path, or with {@code /**} at its end all that lies below a folder.
 *
 * @param path of the file or folder
 * @param below whether all below it is meant
 */
public record PathPattern(RepoPath path, boolean below) {
    private static final String BELOW = "/**";

    public PathPattern {
        Objects.requireNonNull(path);
    }

    /** The pattern of this text, whose path is relative to the root of the repository. */
    public static PathPattern of(String text) {
        return text.endsWith(BELOW)
                ? new PathPattern(RepoPath.of(text.substring(0, text.length() - BELOW.length())), true)
                : new PathPattern(RepoPath.of(text), false);
    }

    public boolean matches(RepoPath other) {
        return below ? other.isWithin(path) : other.equals(path);
    }

    /** Whether there is a path that both match. */
    public boolean meets(PathPattern other) {
        return matches(other.path) || other.matches(path);
    }
}

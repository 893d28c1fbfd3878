package dev.codexmcp.git;

import java.util.Objects;

/**
 * What a job intends to write: one path, or everything below a folder if it ends in {@code /**}.
 *
 * @param path the file or folder
 * @param below whether it means everything below the folder
 */
public record PathPattern(RepoPath path, boolean below) {
    /** Every path of a tree. */
    public static final PathPattern EVERYTHING = new PathPattern(RepoPath.plain(""), true);

    private static final String BELOW = "/**";

    public PathPattern {
        Objects.requireNonNull(path);
    }

    /** Parses a pattern, whose path is relative to the root of the repository. */
    public static PathPattern of(String text) {
        return text.endsWith(BELOW)
                ? new PathPattern(RepoPath.of(text.substring(0, text.length() - BELOW.length())), true)
                : new PathPattern(RepoPath.of(text), false);
    }

    public boolean matches(RepoPath other) {
        return below ? path.equals(EVERYTHING.path) || other.isWithin(path) : other.equals(path);
    }

    /** Whether both match some common path. */
    public boolean meets(PathPattern other) {
        return matches(other.path) || other.matches(path);
    }
}

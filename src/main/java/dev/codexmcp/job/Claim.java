package dev.codexmcp.job;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A path that a job intends to write.
 *
 * @param text as the caller gave it
 * @param path absolute
 * @param below whether it means everything below the path
 */
public record Claim(String text, Path path, boolean below) {
    public Claim {
        Objects.requireNonNull(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(path + " is not absolute");
        }
    }

    /** Whether both include some path. */
    public boolean meets(Claim other) {
        return covers(other.path) || other.covers(path);
    }

    private boolean covers(Path other) {
        return below ? other.startsWith(path) : other.equals(path);
    }
}

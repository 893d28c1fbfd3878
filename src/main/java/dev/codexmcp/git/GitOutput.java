package dev.codexmcp.git;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a run of git.
 *
 * @param exitCode one of those that mean success to the caller
 * @param bytes its stdout
 * @param errors the beginning of its stderr
 */
record GitOutput(int exitCode, byte[] bytes, String errors) {
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The single line of output, such as an object's id. */
    String line() {
        return text().strip();
    }

    /** The paths in output that ends each with a zero byte. */
    List<RepoPath> parts() {
        List<RepoPath> parts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == 0) {
                parts.add(RepoPath.ofBytes(bytes, from, at));
                from = at + 1;
            }
        }
        return parts;
    }
}

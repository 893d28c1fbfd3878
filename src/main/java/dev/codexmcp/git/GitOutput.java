package dev.codexmcp.git;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run of git has said.
 *
 * @param exitCode one of those that the caller takes for success
 * @param bytes its stdout
 * @param errors the beginning of its stderr
 */
record GitOutput(int exitCode, byte[] bytes, String errors) {
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The one line that was said, such as an object's id. */
    String line() {
        return text().strip();
    }

    /** The parts between zero bytes, as bytes in Latin-1; each is ended by one. */
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

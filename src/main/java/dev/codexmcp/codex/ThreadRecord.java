package dev.codexmcp.codex;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the CLI has recorded of a thread. It writes the prompt of a turn some moments after it has reported the thread, and
 * the file itself hardly earlier: a worker that is ended before that leaves a thread that cannot be resumed, or that does
 * not know its task.
 */
public enum ThreadRecord {
    /** Neither thread nor sessions are where this server looks, so nothing is known. */
    UNKNOWN,
    /** There are sessions, but not this one: the thread cannot be resumed. */
    MISSING,
    /** The thread can be resumed, but does not hold the prompt of its last turn. */
    WITHOUT_PROMPT,
    /** The thread holds the prompt of its last turn, and perhaps more. */
    WITH_PROMPT;

    /** The type of a line is searched for in this many bytes. */
    private static final int HEAD = 512;

    private static final String STARTED = "\"task_started\"";
    private static final String TURN = "\"turn_context\"";
    private static final String USER = "\"role\":\"user\"";

    /** What is recorded of a thread. Reads the whole file. */
    public static ThreadRecord of(SessionFiles files, String threadId) {
        Optional<Path> file = files.find(threadId).or(() -> files.search(threadId));
        if (file.isEmpty()) {
            return Files.isDirectory(files.folder()) ? MISSING : UNKNOWN;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file.get()), 64 * 1024)) {
            return read(in);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static ThreadRecord read(InputStream in) throws IOException {
        ThreadRecord found = WITHOUT_PROMPT;
        boolean turn = false;
        byte[] head = new byte[HEAD];
        int length = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n') {
                if (length < HEAD) {
                    head[length++] = (byte) b;
                }
                continue;
            }
            // A line that was cut off by the worker's end is no record.
            String line = new String(head, 0, length, StandardCharsets.ISO_8859_1);
            if (line.contains(STARTED)) {
                found = WITHOUT_PROMPT;
                turn = false;
            } else if (line.contains(TURN)) {
                found = WITHOUT_PROMPT;
                turn = true;
            } else if (turn && line.contains(USER)) { // before, the CLI records its own words in the user's name
                found = WITH_PROMPT;
            }
            length = 0;
        }
        return found;
    }
}

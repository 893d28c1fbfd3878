package dev.codexmcp.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Runs {@code codex-mcp-server doctor --worktrees} as a user does. */
public final class WorktreeDoctor {
    private static final String LAUNCHER = Objects.requireNonNull(System.getProperty("codexmcp.launcher"));

    private WorktreeDoctor() {}

    /** Its exit code, and its output on both streams. */
    public record Outcome(int exitCode, String output) {}

    /**
     * Runs it to its end.
     *
     * @param environment its whole environment
     * @param typed the user's answers
     */
    public static Outcome run(Path directory, Map<String, String> environment, String typed) {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER, "doctor", "--worktrees")
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(typed.getBytes(UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

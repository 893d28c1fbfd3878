package dev.codexmcp.install.os;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs and waits for them. */
public final class Programs {
    private static final File NULL_DEVICE = new File("/dev/null");

    private Programs() {}

    /**
     * A program's exit code, and its output on both streams.
     *
     * @param exitCode -1 if it could not be started or did not exit in time
     */
    public record Outcome(int exitCode, String output) {
        public boolean isSuccess() {
            return exitCode == 0;
        }
    }

    /** Runs a command in this environment, without input, for at most {@code seconds}. */
    public static Outcome run(Environment environment, int seconds, List<String> command) throws InterruptedException {
        try {
            // A file rather than a pipe, which a grandchild could hold open.
            Path output = Files.createTempFile("codex-mcp-server", ".txt");
            try {
                Process process = builder(environment, command)
                        .redirectInput(NULL_DEVICE)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
                if (!ended) {
                    process.destroyForcibly();
                }
                String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
                return ended
                        ? new Outcome(process.exitValue(), text)
                        : new Outcome(-1, text + "\nno response within " + seconds + " s\n");
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return new Outcome(-1, String.valueOf(e.getMessage()));
        }
    }

    static ProcessBuilder builder(Environment environment, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(environment.folder().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment.variables());
        return builder;
    }
}

package dev.codexmcp.install.os;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A running program with line-based input and output. It is killed at a deadline, so that no call hangs. */
public final class LineProgram implements AutoCloseable {
    private final Path errors;
    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private String last = "";

    public LineProgram(Environment environment, int seconds, List<String> command) throws IOException {
        errors = Files.createTempFile("codex-mcp-server", ".txt");
        try {
            process = Programs.builder(environment, command)
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            Files.delete(errors);
            throw e;
        }
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    /** Sends a line. Has no effect if the program has exited; {@link #lastWords} then shows why. */
    public void send(String line) {
        try {
            in.write(line + "\n");
            in.flush();
        } catch (IOException e) {
            last = "";
        }
    }

    /** Sends a line and returns the next line that the program prints; empty at EOF. */
    public String ask(String line) throws IOException {
        send(line);
        String answer = out.readLine();
        last = answer == null ? "" : answer;
        return last;
    }

    /** Closes its input, waits for it to exit and returns its exit code. */
    public int end() throws InterruptedException {
        try {
            in.close();
        } catch (IOException e) {
            // It has already exited.
            last = "";
        }
        return process.waitFor();
    }

    /** The first lines of its standard error, or else its last line of output. */
    public String lastWords() throws IOException {
        String errorText = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8).strip();
        String words = errorText.isEmpty()
                ? last
                : String.join(" ", errorText.lines().limit(3).toList());
        return words.isEmpty() ? "no output" : words.length() > 300 ? words.substring(0, 300) + "…" : words;
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(errors);
    }
}

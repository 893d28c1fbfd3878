package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A server's process and its three streams. Every line is kept, and what came on stdout that is no JSON-RPC is noted as a
 * violation: stdout belongs to the protocol alone.
 */
final class ServerProcess {

    private final Process process;
    private final Transcript transcript = new Transcript();
    private final List<String> violations = new ArrayList<>();
    private final List<Thread> pumps = new ArrayList<>();

    /**
     * @param onMessage told of every message of the server, in order, by one thread
     * @param onEnd told by the same thread when stdout has ended
     */
    ServerProcess(ProcessBuilder builder, Consumer<JsonNode> onMessage, Runnable onEnd) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + builder.command(), e);
        }
        pump("stdout", process.getInputStream(), true, line -> receive(line, onMessage), onEnd);
        pump(
                "stderr",
                process.getErrorStream(),
                false,
                line -> transcript.add(Transcript.Stream.STDERR, line),
                () -> {});
    }

    Process process() {
        return process;
    }

    Transcript transcript() {
        return transcript;
    }

    void send(String line) {
        transcript.add(Transcript.Stream.STDIN, line);
        write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void sendBytes(byte[] bytes) {
        transcript.add(Transcript.Stream.STDIN, new String(bytes, StandardCharsets.UTF_8));
        write(bytes);
    }

    private void write(byte[] bytes) {
        OutputStream stdin = process.getOutputStream();
        try {
            synchronized (stdin) {
                stdin.write(bytes);
                stdin.flush();
            }
        } catch (IOException e) {
            throw new AssertionError("the server reads no more" + lastWords(), e);
        }
    }

    void closeStdin() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The server has ended already: its stdin is as closed as can be.
            transcript.add(Transcript.Stream.STDIN, "(not closed: " + e.getMessage() + ")");
        }
    }

    /** The exit code, once the process has ended and its streams have been read; empty when time is up. */
    Optional<Integer> awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            for (Thread pump : pumps) {
                // A process that the server has left behind may hold the pipe: that is not for this class to judge.
                pump.join(TimeUnit.SECONDS.toMillis(2));
            }
            return Optional.of(process.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the server's end", e);
        }
    }

    /** What a failure message says of the streams, complete where the server has just ended. */
    String lastWords() {
        String end = awaitExit(Duration.ofSeconds(1))
                .map(code -> " (it ended with exit code " + code + ")")
                .orElse("");
        return end + transcript.tail();
    }

    /** Ends the process and all below it, whatever they do. */
    void destroy() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Fails if anything but JSON-RPC was on stdout. */
    void checkStdout() {
        synchronized (violations) {
            if (!violations.isEmpty()) {
                throw new AssertionError("stdout is for JSON-RPC alone, but: " + violations + lastWords());
            }
        }
    }

    private void receive(String line, Consumer<JsonNode> onMessage) {
        transcript.add(Transcript.Stream.STDOUT, line);
        Optional<JsonNode> message = TestJson.tryParse(line)
                .filter(json -> json.path("jsonrpc").asText().equals("2.0"));
        if (message.isPresent()) {
            onMessage.accept(message.get());
        } else {
            violation(line);
        }
    }

    private void violation(String line) {
        synchronized (violations) {
            violations.add(TestJson.cut(line));
        }
    }

    private void pump(String name, InputStream in, boolean strict, Consumer<String> onLine, Runnable onEnd) {
        Thread pump = new Thread(
                () -> {
                    try (in) {
                        readLines(in, strict, onLine);
                    } catch (IOException e) {
                        transcript.add(Transcript.Stream.STDERR, "(" + name + " broke: " + e.getMessage() + ")");
                    } finally {
                        onEnd.run();
                    }
                },
                "server-" + name);
        pump.setDaemon(true);
        pump.start();
        pumps.add(pump);
    }

    private void readLines(InputStream in, boolean strict, Consumer<String> onLine) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            int start = 0;
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, start, i - start);
                    start = i + 1;
                    onLine.accept(decode(line.toByteArray(), strict));
                    line.reset();
                }
            }
            line.write(buffer, start, count - start);
        }
        if (line.size() > 0) {
            String rest = decode(line.toByteArray(), strict);
            if (strict) {
                violation("a last line without an end: " + rest);
            }
            onLine.accept(rest);
        }
    }

    private String decode(byte[] bytes, boolean strict) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            if (strict) {
                violation("not UTF-8: " + new String(bytes, StandardCharsets.UTF_8));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}

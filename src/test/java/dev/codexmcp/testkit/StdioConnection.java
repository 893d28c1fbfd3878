package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server over stdio: the process and its three streams. Everything on stdout that is not JSON-RPC is noted as
 * a violation, since stdout belongs to the protocol alone.
 */
public abstract class StdioConnection {

    private static final Duration LEFTOVER_LIMIT = Duration.ofSeconds(2);

    private final Process process;
    private final PausableInputStream stdout;
    private final Transcript transcript = new Transcript();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final List<Thread> pumps = new CopyOnWriteArrayList<>();
    private final AtomicLong lines = new AtomicLong();
    private final CompletableFuture<@Nullable Void> stdoutEnd = new CompletableFuture<>();

    /** Starts the process and reads its stderr; stdout is left unread. */
    StdioConnection(ProcessBuilder builder) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + builder.command(), e);
        }
        stdout = new PausableInputStream(process.getInputStream());
        pump(
                "stderr",
                process.getErrorStream(),
                line -> transcript.add(Transcript.Source.STDERR, decode(line, false)),
                () -> {});
    }

    /** Reads stdout from now on. One thread passes every message on, in order. */
    final void startReading(Consumer<JsonNode> onMessage) {
        pump("stdout", stdout, line -> receive(line, onMessage), () -> stdoutEnd.complete(null));
    }

    /** Reads one line of stdout and no more; before {@link #startReading}. */
    final void readOneLine(Consumer<JsonNode> onMessage) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = stdout.read(); b != '\n'; b = stdout.read()) {
            if (b < 0) {
                throw new AssertionError("stdout ends" + lastWords());
            }
            line.write(b);
        }
        receive(line.toByteArray(), onMessage);
    }

    public final ProcessHandle process() {
        return process.toHandle();
    }

    public final Transcript transcript() {
        return transcript;
    }

    /** Stops reading stdout until {@link #resumeReading}; what is in the reader's buffer is still handled. */
    public final void pauseReading() {
        stdout.pause();
    }

    public final void resumeReading() {
        stdout.resume();
    }

    /** How many bytes of stdout can be read without waiting. */
    public final int unread() throws IOException {
        return stdout.available();
    }

    /** Closes the reading end of stdout. */
    public final void closeStdout() throws IOException {
        stdout.close();
    }

    /** The server's stderr: all of it if the server has ended, otherwise what has been read so far. */
    public final String stderr() {
        if (!process.isAlive()) {
            awaitPumps();
        }
        StringBuilder text = new StringBuilder();
        transcript
                .lines(Transcript.Source.STDERR)
                .forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    /** Completes once stdout has ended and all of it has been read. */
    final CompletableFuture<@Nullable Void> stdoutEnd() {
        return stdoutEnd;
    }

    /** How many lines of stdout have been read. */
    public final long lines() {
        return lines.get();
    }

    /** What the server should not have printed on stdout so far. */
    public final List<String> violations() {
        return List.copyOf(violations);
    }

    final void addViolation(String what) {
        violations.add(TestJson.cut(what));
    }

    /** Sends a line. */
    public final void send(String line) {
        sendText(line + "\n");
    }

    /** Sends a notification. */
    public final void notify(String method, JsonNode params) {
        ObjectNode message = TestJson.object().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        send(message.toString());
    }

    /** Sends text as it is, without adding a line break. */
    public final void sendText(String text) {
        sendBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are. */
    public final void sendBytes(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 1 << 16), StandardCharsets.UTF_8);
        transcript.add(Transcript.Source.STDIN, text.stripTrailing());
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

    /** Closes the server's stdin and does not wait. */
    public final void closeStdin() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The server has already ended, so its stdin is closed anyway.
            transcript.add(Transcript.Source.STDIN, "(not closed: " + e.getMessage() + ")");
        }
    }

    /** Waits for the server's end and returns its exit code. */
    public final int awaitExit() {
        return awaitExit(Polling.LIMIT).orElseThrow(() -> new AssertionError("the server does not end" + lastWords()));
    }

    /** The exit code once the process has ended; empty if it does not within the limit. */
    private Optional<Integer> awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(process.exitValue())
                    : Optional.empty();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Waits until the streams of a process that has ended are read. It gives up soon on a stream that a process left behind by
     * the server keeps open: to judge that is not the task of this class.
     */
    final void awaitPumps() {
        try {
            for (Thread pump : pumps) {
                pump.join(LEFTOVER_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting for the server's end", e);
    }

    /** What a failure message says about the streams; complete if the server has just ended. */
    final String lastWords() {
        String end = awaitExit(Duration.ofSeconds(1))
                .map(code -> " (it ended with exit code " + code + ")")
                .orElse("");
        if (!end.isEmpty()) {
            awaitPumps();
        }
        return end + transcript.tail();
    }

    /** Kills the process and all its descendants. */
    final void destroy() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        // By the handle: Process.destroyForcibly would close the streams as well, and wait for a thread that writes to
        // stdin.
        process.toHandle().destroyForcibly();
    }

    private void receive(byte[] bytes, Consumer<JsonNode> onMessage) {
        lines.incrementAndGet();
        String line = decode(bytes, true);
        transcript.add(Transcript.Source.STDOUT, line);
        Optional<JsonNode> message = TestJson.tryParse(line).filter(StdioConnection::isJsonRpc);
        if (message.isPresent()) {
            onMessage.accept(message.get());
        } else {
            addViolation("not JSON-RPC: " + line);
        }
    }

    /** Whether this is a response, a request or a notification, and only one of these. */
    private static boolean isJsonRpc(JsonNode message) {
        boolean response = message.has("id") && message.has("result") != message.has("error");
        boolean call = message.path("method").isTextual() && !message.has("result") && !message.has("error");
        return message.path("jsonrpc").asText().equals("2.0") && response != call;
    }

    private void pump(String name, InputStream in, Consumer<byte[]> onLine, Runnable onEnd) {
        Thread pump = new Thread(
                () -> {
                    try (in) {
                        readLines(name, in, onLine);
                    } catch (IOException e) {
                        transcript.add(Transcript.Source.STDOUT, "(" + name + " broke: " + e.getMessage() + ")");
                    } finally {
                        onEnd.run();
                    }
                },
                "server-" + name);
        pump.setDaemon(true);
        pump.start();
        pumps.add(pump);
    }

    private void readLines(String name, InputStream in, Consumer<byte[]> onLine) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            int start = 0;
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, start, i - start);
                    start = i + 1;
                    onLine.accept(line.toByteArray());
                    line.reset();
                }
            }
            line.write(buffer, start, count - start);
        }
        if (line.size() > 0) {
            if (name.equals("stdout")) {
                addViolation("a last line without an end");
            }
            onLine.accept(line.toByteArray());
        }
    }

    private String decode(byte[] bytes, boolean strict) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (strict) {
                addViolation("not UTF-8: " + text);
            }
            return text;
        }
    }
}

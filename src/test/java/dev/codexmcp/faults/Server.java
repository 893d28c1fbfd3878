package dev.codexmcp.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The packaged server as a process, with a client that may misbehave: not read, send anything, vanish. Every line from
 * the server must be the only answer to a request; any other is kept as a stray.
 */
final class Server implements AutoCloseable {
    /** Long enough for any machine: anything slower hangs. */
    static final long PATIENCE_SECONDS = 60;

    private static final String LAUNCHER = Objects.requireNonNull(System.getProperty("codexmcp.launcher"));

    private final Process process;
    private final OutputStream stdin;
    private final PausableInputStream stdout;
    private final Path stderr;
    private final Map<Long, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final Queue<String> strays = new ConcurrentLinkedQueue<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final CompletableFuture<@Nullable Void> stdoutEnd = new CompletableFuture<>();

    Server(ServerLaunch launch) {
        List<String> command = new ArrayList<>(launch.by());
        command.add(LAUNCHER);
        stderr = launch.directory().resolve("stderr.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(launch.directory().toFile());
        builder.redirectError(ProcessBuilder.Redirect.appendTo(stderr.toFile()));
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stdin = process.getOutputStream();
        stdout = new PausableInputStream(process.getInputStream());
    }

    /** Starts reading the server's output. */
    void readAnswers() {
        Thread thread = new Thread(this::read, "answers of " + process.pid());
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stdout, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line);
            }
        } catch (IOException e) {
            strays.add("stdout failed: " + e);
        } finally {
            stdoutEnd.complete(null);
        }
    }

    private void take(String line) {
        JsonNode message;
        try {
            message = Wire.JSON.readTree(line);
        } catch (IOException e) {
            strays.add(line);
            return;
        }
        boolean isAnswer = message.path("jsonrpc").asText().equals("2.0")
                && message.has("result") != message.has("error")
                && message.path("id").isIntegralNumber();
        CompletableFuture<JsonNode> answer =
                isAnswer ? open.get(message.path("id").asLong()) : null;
        if (answer == null || !answer.complete(message)) {
            strays.add(line);
        }
        answers.incrementAndGet();
    }

    long pid() {
        return process.pid();
    }

    Process process() {
        return process;
    }

    /** Lines from the server that answer no request, or one already answered. */
    List<String> strays() {
        return List.copyOf(strays);
    }

    /** The server's standard output. */
    PausableInputStream stdout() {
        return stdout;
    }

    /** The id of the last request. */
    long lastId() {
        return ids.get();
    }

    /** Reads exactly one line, which must answer a spawn; returns the job's id. Call it before {@link #readAnswers}. */
    String readOneLine(CompletableFuture<JsonNode> spawned) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = stdout.read(); b != '\n'; b = stdout.read()) {
            assertThat(b).as("EOF on stdout").isNotNegative();
            line.write(b);
        }
        take(line.toString(UTF_8));
        return Wire.json(get(spawned)).path("jobId").textValue();
    }

    /** How many lines the server has printed. */
    long answers() {
        return answers.get();
    }

    private String said() {
        try {
            return stderr();
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }

    String stderr() throws IOException {
        return Files.readString(stderr);
    }

    /** The line of a request, whose answer completes the future. */
    String line(String method, JsonNode params, CompletableFuture<JsonNode> answer) {
        long id = ids.incrementAndGet();
        open.put(id, answer);
        ObjectNode message =
                Wire.JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        return message + "\n";
    }

    /** The line of a tool call. */
    String callLine(String tool, JsonNode arguments, CompletableFuture<JsonNode> answer) {
        ObjectNode params = Wire.JSON.createObjectNode().put("name", tool);
        params.set("arguments", arguments);
        return line("tools/call", params, answer);
    }

    void send(String text) {
        send(text.getBytes(UTF_8));
    }

    void send(byte[] bytes) {
        try {
            stdin.write(bytes);
            stdin.flush();
        } catch (IOException e) {
            throw new AssertionError(
                    "The server reads no more; it exited with " + awaitExit() + " and printed " + said(), e);
        }
    }

    CompletableFuture<JsonNode> request(String method, JsonNode params) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        send(line(method, params, answer));
        return answer;
    }

    CompletableFuture<JsonNode> call(String tool, JsonNode arguments) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        send(callLine(tool, arguments, answer));
        return answer;
    }

    void initialize() {
        ObjectNode params = Wire.JSON.createObjectNode().put("protocolVersion", "2025-06-18");
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "faults").put("version", "1");
        get(request("initialize", params));
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
    }

    /** Starts a worker that runs the shell script. */
    String spawn(String script) {
        return Wire.json(get(call("codex_spawn", Wire.JSON.createObjectNode().put("prompt", script))))
                .path("jobId")
                .textValue();
    }

    String status(String jobId) {
        return Wire.json(get(call("codex_status", Wire.job(jobId))))
                .path("status")
                .textValue();
    }

    boolean cancel(String jobId, boolean force) {
        return Wire.json(get(call("codex_cancel", Wire.job(jobId).put("force", force))))
                .path("success")
                .booleanValue();
    }

    /** Waits until a job has ended. */
    void awaitEnd(String jobId) {
        ObjectNode arguments = Wire.JSON.createObjectNode().put("timeoutMs", 300_000);
        arguments.putArray("jobIds").add(jobId);
        assertThat(Wire.json(get(call("codex_wait_any", arguments)))
                        .path("completedJobId")
                        .asText())
                .isEqualTo(jobId);
    }

    /** All events of a job that has ended. */
    List<JsonNode> events(String jobId) {
        List<JsonNode> events = new ArrayList<>();
        String cursor = "0";
        while (true) {
            JsonNode page = Wire.json(get(call("codex_events", Wire.job(jobId).put("cursor", cursor))));
            page.path("events").forEach(events::add);
            cursor = page.path("nextCursor").textValue();
            if (page.path("done").booleanValue()) {
                return events;
            }
        }
    }

    void ping() {
        assertThat(Wire.text(get(call("ping", Wire.JSON.createObjectNode().put("message", "still there")))))
                .isEqualTo("still there");
    }

    <T> T get(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            String alive = process.isAlive() ? "alive" : "gone with " + process.exitValue();
            throw new AssertionError("No answer; the server is " + alive + ", strays " + strays, e);
        }
    }

    void closeStdin() {
        try {
            stdin.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal to the server's process only. */
    void signal(String name) {
        run("sh", "-c", "kill -" + name + " " + pid());
    }

    /** Runs a program, which must exit with code 0. */
    static void run(String... command) {
        try {
            Process helper = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            assertThat(helper.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(helper.exitValue()).as("%s", List.of(command)).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the server exits, and returns its exit code. */
    int awaitExit() {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the server exits")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    /** Waits until all output of the server has been read; call it after its exit. */
    void awaitAllRead() {
        get(stdoutEnd);
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly(); // through the handle: Process.destroy would also close the streams
        awaitExit();
    }
}

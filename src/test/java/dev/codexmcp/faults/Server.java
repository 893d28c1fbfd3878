package dev.codexmcp.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * The packaged server as a process, and a client that may do what no client should: not read, send anything, vanish. Every
 * line that the server prints must be the one answer to a request, or is kept as a stray.
 */
final class Server implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Long enough for any machine: what takes longer hangs. */
    static final long PATIENCE_SECONDS = 60;

    private static final String LAUNCHER = Objects.requireNonNull(System.getProperty("codexmcp.launcher"));

    private final Process process;
    private final OutputStream stdin;
    private final Path stderr;
    private final Map<Long, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final Queue<String> strays = new ConcurrentLinkedQueue<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final CompletableFuture<@Nullable Void> stdoutEnd = new CompletableFuture<>();

    /** How to start one: in a folder, with an environment that holds nothing else, perhaps by way of another program. */
    record Launch(Path directory, List<String> by, Map<String, String> environment) {
        /** With the codex of {@link ShellCodex} in this folder, which is the server's own too. */
        static Launch in(Path directory) {
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("PATH", directory.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
            environment.put("HOME", directory.toString());
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            environment.put(
                    "CODEX_MCP_CODEX_BIN", directory.resolve("bin/codex").toString());
            return new Launch(directory, List.of(), environment);
        }

        Launch with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(environment);
            more.put(name, value);
            return new Launch(directory, by, more);
        }

        /** By a program that ends by becoming the server, such as {@code setsid}. */
        Launch by(String... program) {
            return new Launch(directory, List.of(program), environment);
        }

        Server start() {
            Server server = startUnread();
            server.readAnswers();
            return server;
        }

        /** Without anybody who reads what the server prints. */
        Server startUnread() {
            return new Server(this);
        }
    }

    private Server(Launch launch) {
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
    }

    /** Reads what the server prints, from now on. */
    void readAnswers() {
        Thread thread = new Thread(this::read, "answers of " + process.pid());
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
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
            message = JSON.readTree(line);
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

    /** What the server printed that answers no request, or one that had been answered. */
    List<String> strays() {
        return List.copyOf(strays);
    }

    /** How many lines the server has printed. */
    long answers() {
        return answers.get();
    }

    String stderr() throws IOException {
        return Files.readString(stderr);
    }

    /** The line of a request, whose answer will be known by the future. */
    String line(String method, JsonNode params, CompletableFuture<JsonNode> answer) {
        long id = ids.incrementAndGet();
        open.put(id, answer);
        ObjectNode message =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        return message + "\n";
    }

    /** The line of a tool call. */
    String callLine(String tool, JsonNode arguments, CompletableFuture<JsonNode> answer) {
        ObjectNode params = JSON.createObjectNode().put("name", tool);
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
            throw new UncheckedIOException(e);
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
        ObjectNode params = JSON.createObjectNode().put("protocolVersion", "2025-06-18");
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "faults").put("version", "1");
        get(request("initialize", params));
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
    }

    /** Starts a worker that does what the shell script says. */
    String spawn(String script) {
        return json(get(call("codex_spawn", JSON.createObjectNode().put("prompt", script))))
                .path("jobId")
                .textValue();
    }

    String status(String jobId) {
        return json(get(call("codex_status", job(jobId)))).path("status").textValue();
    }

    boolean cancel(String jobId, boolean force) {
        return json(get(call("codex_cancel", job(jobId).put("force", force))))
                .path("success")
                .booleanValue();
    }

    /** Waits for the end of a job. */
    void awaitEnd(String jobId) {
        ObjectNode arguments = JSON.createObjectNode().put("timeoutMs", 300_000);
        arguments.putArray("jobIds").add(jobId);
        assertThat(json(get(call("codex_wait_any", arguments)))
                        .path("completedJobId")
                        .asText())
                .isEqualTo(jobId);
    }

    /** All events of a job that has ended. */
    List<JsonNode> events(String jobId) {
        List<JsonNode> events = new ArrayList<>();
        String cursor = "0";
        while (true) {
            JsonNode page = json(get(call("codex_events", job(jobId).put("cursor", cursor))));
            page.path("events").forEach(events::add);
            cursor = page.path("nextCursor").textValue();
            if (page.path("done").booleanValue()) {
                return events;
            }
        }
    }

    void ping() {
        assertThat(text(get(call("ping", JSON.createObjectNode().put("message", "still there")))))
                .isEqualTo("still there");
    }

    static ObjectNode job(String jobId) {
        return JSON.createObjectNode().put("jobId", jobId);
    }

    /** The text of a tool's answer, whether it failed or not. */
    static String text(JsonNode answer) {
        return answer.path("result").path("content").path(0).path("text").asText();
    }

    static boolean failed(JsonNode answer) {
        return answer.has("error") || answer.path("result").path("isError").asBoolean();
    }

    /** The object that a tool answered with. */
    static JsonNode json(JsonNode answer) {
        assertThat(failed(answer)).as("answer %s", answer).isFalse();
        try {
            return JSON.readTree(text(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** Sends a signal to the server's process alone. */
    void signal(String name) {
        run("kill", "-" + name, Long.toString(pid()));
    }

    /** Runs a program to its end, which has to be a good one. */
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

    /** Waits for the server's end, and gives its exit code. */
    int awaitExit() {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the server ends")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    /** Waits until all that the server has printed has been read; after its end. */
    void awaitAllRead() {
        get(stdoutEnd);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}

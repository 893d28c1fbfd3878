package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An MCP client over stdio that starts its server, sees every line and forgives nothing: {@link #close} fails if stdout held
 * anything but JSON-RPC, or if the server does not end.
 *
 * <pre>{@code
 * try (McpClient client = McpClient.server(command).environment(home.environment()).start()) {
 *     JsonNode job = client.call("codex_spawn", Map.of("prompt", "hello")).json();
 * }
 * }</pre>
 */
public final class McpClient implements AutoCloseable {

    /** How a server ended, and how long that took. */
    public record Exit(int code, Duration took) {}

    /** A call that has been sent. */
    public record PendingCall(int id, CompletableFuture<ToolOutput> future) {

        public boolean isAnswered() {
            return future.isDone();
        }
    }

    private final ServerProcess server;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<JsonNode, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final List<JsonNode> received = new ArrayList<>();
    private JsonNode initialized = MissingNode.getInstance();
    private boolean ended;
    private @Nullable Exit exit;

    private McpClient(ProcessBuilder builder) {
        server = new ServerProcess(builder, this::receive, this::serverEnded);
    }

    /** Describes a server to start. */
    public static Builder server(List<String> command) {
        return new Builder(command);
    }

    /** Starts a server with additions to the environment, and shakes hands with it. */
    public static McpClient start(List<String> command, Map<String, String> environment) {
        return server(command).environment(environment).start();
    }

    /** The server's answer to {@code initialize}. */
    public JsonNode initialized() {
        return initialized;
    }

    /** Calls a tool and waits for its answer. */
    public ToolOutput call(String tool, Map<String, ?> arguments) {
        return answer(callAsync(tool, arguments));
    }

    /** Calls a tool, and does not wait. */
    public PendingCall callAsync(String tool, Map<String, ?> arguments) {
        return callAsync(tool, arguments, null);
    }

    /** Calls a tool that is to tell of its progress under this token, and does not wait. */
    public PendingCall callAsync(String tool, Map<String, ?> arguments, @Nullable String progressToken) {
        ObjectNode params = TestJson.object().put("name", tool);
        params.set("arguments", TestJson.MAPPER.valueToTree(arguments));
        if (progressToken != null) {
            params.putObject("_meta").put("progressToken", progressToken);
        }
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> response = requestAsync(id, "tools/call", params);
        return new PendingCall(id, response.thenApply(message -> new ToolOutput(resultOf(message))));
    }

    /** Waits for the answer of a call. */
    public ToolOutput answer(PendingCall call) {
        return await(call.future(), "no answer to request " + call.id());
    }

    /** Tells the server that a call's answer is not wanted any more. */
    public void cancel(PendingCall call) {
        notify(
                "notifications/cancelled",
                TestJson.object().put("requestId", call.id()).put("reason", "test"));
    }

    /** Sends a request and waits for the whole response: with a {@code result}, or an {@code error}. */
    public JsonNode request(String method, JsonNode params) {
        return await(requestAsync(lastId.incrementAndGet(), method, params), "no answer to " + method);
    }

    /** Sends a notification. */
    public void notify(String method, JsonNode params) {
        ObjectNode message = TestJson.object().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        send(message.toString());
    }

    /** Sends a line as it is. */
    public void send(String line) {
        server.send(line);
    }

    /** Sends bytes as they are, without a line break. */
    public void sendBytes(byte[] bytes) {
        server.sendBytes(bytes);
    }

    /** Waits for a message of the server, of whatever kind; one that has come already counts. */
    public JsonNode awaitMessage(String description, Predicate<JsonNode> condition) {
        synchronized (received) {
            Polling.awaitOn(
                    received,
                    Polling.LIMIT,
                    () -> ended || received.stream().anyMatch(condition),
                    () -> "no " + description + server.lastWords());
            return received.stream()
                    .filter(condition)
                    .findFirst()
                    .orElseThrow(
                            () -> new AssertionError("the server ended without " + description + server.lastWords()));
        }
    }

    /** All messages of the server so far. */
    public List<JsonNode> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** The server's notifications so far, of one method. */
    public List<JsonNode> notifications(String method) {
        return received().stream()
                .filter(message -> message.path("method").asText().equals(method))
                .toList();
    }

    /** Every line of all three streams so far. */
    public Transcript transcript() {
        return server.transcript();
    }

    public ProcessHandle process() {
        return server.process().toHandle();
    }

    /** Closes the server's stdin and waits for its end. */
    public Exit closeStdin() {
        return endBy(server::closeStdin);
    }

    /** Sends SIGTERM and waits for the end. */
    public Exit terminate() {
        // By the handle: Process.destroy would close the streams as well.
        return endBy(() -> process().destroy());
    }

    /** Sends SIGKILL and waits for the end. */
    public Exit kill() {
        return endBy(() -> process().destroyForcibly());
    }

    /** Ends the server with its stdin, unless it has ended, and checks what it wrote. */
    @Override
    public void close() {
        try {
            if (exit == null) {
                closeStdin();
            }
            server.checkStdout();
        } finally {
            server.destroy();
        }
    }

    private Exit endBy(Runnable signal) {
        long start = System.nanoTime();
        signal.run();
        int code = server.awaitExit(Polling.LIMIT)
                .orElseThrow(() -> new AssertionError("the server does not end" + server.lastWords()));
        exit = new Exit(code, Duration.ofNanos(System.nanoTime() - start));
        return exit;
    }

    private CompletableFuture<JsonNode> requestAsync(int id, String method, JsonNode params) {
        ObjectNode message =
                TestJson.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        CompletableFuture<JsonNode> response = new CompletableFuture<>();
        pending.put(message.get("id"), response);
        send(message.toString());
        return response;
    }

    private void receive(JsonNode message) {
        synchronized (received) {
            received.add(message);
            received.notifyAll();
        }
        boolean response = message.has("result") || message.has("error");
        CompletableFuture<JsonNode> waiting = response ? pending.remove(message.path("id")) : null;
        if (waiting != null) {
            waiting.complete(message);
        }
    }

    private void serverEnded() {
        synchronized (received) {
            ended = true;
            received.notifyAll();
        }
        pending.values().forEach(future -> future.completeExceptionally(new IllegalStateException("the server ended")));
    }

    private JsonNode resultOf(JsonNode response) {
        if (response.has("error")) {
            throw new AssertionError("refused: " + response + server.lastWords());
        }
        return response.path("result");
    }

    private <T> T await(CompletableFuture<T> future, String failure) {
        try {
            return future.get(Polling.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError(failure + ": " + e + server.lastWords(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + failure, e);
        }
    }

    private void shakeHands(String protocolVersion) {
        ObjectNode params = TestJson.object().put("protocolVersion", protocolVersion);
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "kit").put("version", "1");
        initialized = resultOf(request("initialize", params));
        notify("notifications/initialized", TestJson.object());
    }

    /** A server to be. */
    public static final class Builder {

        private final ProcessBuilder process;
        private String protocolVersion = "2025-06-18";

        private Builder(List<String> command) {
            process = new ProcessBuilder(command);
        }

        /** Adds to the environment, which is the test's own. */
        public Builder environment(Map<String, String> additions) {
            process.environment().putAll(additions);
            return this;
        }

        /** Takes a variable out of the environment. */
        public Builder without(String variable) {
            process.environment().remove(variable);
            return this;
        }

        public Builder directory(Path directory) {
            process.directory(directory.toFile());
            return this;
        }

        public Builder protocolVersion(String version) {
            protocolVersion = version;
            return this;
        }

        /** Starts the server and says nothing to it. */
        public McpClient startSilently() {
            return new McpClient(process);
        }

        /** Starts the server and shakes hands with it. */
        public McpClient start() {
            McpClient client = startSilently();
            boolean shaken = false;
            try {
                client.shakeHands(protocolVersion);
                shaken = true;
                return client;
            } finally {
                if (!shaken) {
                    client.server.destroy();
                }
            }
        }
    }
}

package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An MCP client over stdio that starts its server and checks every line of its stdout: {@link #close} fails if there was
 * anything but JSON-RPC or a second answer to a request, or if the server does not end. It can also do what no client should:
 * send raw bytes, stop reading, close a stream early.
 *
 * <pre>{@code
 * try (McpClient client = McpClient.server(command).environment(home.environment()).start()) {
 *     JsonNode job = client.call("codex_spawn", Map.of("prompt", "hello")).json();
 * }
 * }</pre>
 */
public class McpClient extends StdioConnection implements AutoCloseable {

    /** How a server ended, and how long that took. */
    public record Exit(int code, Duration took) {}

    /** A call that has been sent. */
    public record PendingCall(int id, CompletableFuture<ToolOutput> future) {

        public boolean isAnswered() {
            return future.isDone();
        }
    }

    private final OpenRequests open;
    private final String protocolVersion;
    private final boolean keepsAnswers;
    private final @Nullable Consumer<JsonNode> onOther;
    private final List<JsonNode> received = new ArrayList<>();
    private JsonNode initialized = MissingNode.getInstance();
    private @Nullable Exit exit;

    /** Starts a server, sends nothing, and leaves its stdout unread. */
    protected McpClient(McpServerCommand command) {
        super(command.process());
        open = new OpenRequests(command.idPrefix());
        protocolVersion = command.protocolVersion();
        keepsAnswers = command.keepsAnswers();
        onOther = command.onOther();
    }

    /** Describes a server to start. */
    public static McpServerCommand server(List<String> command) {
        return new McpServerCommand(command);
    }

    /** Starts a server with additions to the environment, and initializes it. */
    public static McpClient start(List<String> command, Map<String, String> environment) {
        return server(command).environment(environment).start();
    }

    /** Reads stdout from now on. */
    public final void startReading() {
        startReading(this::receive);
        // For awaitMessage, which also waits for the end.
        stdoutEnd().thenRun(() -> {
            synchronized (received) {
                received.notifyAll();
            }
        });
    }

    /** Reads one line of stdout and no more; before {@link #startReading}. */
    public final void readOneLine() throws IOException {
        readOneLine(this::receive);
    }

    /** Sends {@code initialize}, waits for the answer, and confirms it. */
    public final void initialize() {
        ObjectNode params = TestJson.object().put("protocolVersion", protocolVersion);
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "testkit").put("version", "1");
        initialized = resultOf(request("initialize", params));
        notify("notifications/initialized", TestJson.object());
    }

    /** The server's answer to {@code initialize}. */
    public final JsonNode initialized() {
        return initialized;
    }

    /** Calls a tool and waits for its answer. */
    public final ToolOutput call(String tool, Map<String, ?> arguments) {
        return answer(callAsync(tool, arguments));
    }

    /** Calls a tool and waits for its answer. */
    public final ToolOutput call(String tool, JsonNode arguments) {
        return new ToolOutput(resultOf(get(ask(tool, arguments))));
    }

    /** Calls a tool and does not wait. */
    public final PendingCall callAsync(String tool, Map<String, ?> arguments) {
        return callAsync(tool, arguments, null);
    }

    /** Calls a tool that is to report its progress under this token, and does not wait. */
    public final PendingCall callAsync(String tool, Map<String, ?> arguments, @Nullable String progressToken) {
        ObjectNode params = callParams(tool, TestJson.MAPPER.valueToTree(arguments));
        if (progressToken != null) {
            params.putObject("_meta").put("progressToken", progressToken);
        }
        CompletableFuture<JsonNode> response = new CompletableFuture<>();
        OpenRequests.Request request = open.add("tools/call", params, response);
        send(request.line());
        return new PendingCall(request.number(), response.thenApply(message -> new ToolOutput(resultOf(message))));
    }

    /** Waits for the answer to a call. */
    public final ToolOutput answer(PendingCall call) {
        return await(call.future(), "no answer to request " + call.id());
    }

    /** Notifies the server that the client no longer wants the answer to a call. */
    public final void cancel(PendingCall call) {
        notify(
                "notifications/cancelled",
                TestJson.object().put("requestId", call.id()).put("reason", "test"));
    }

    /** Sends a request and waits for the whole response: with a {@code result} or an {@code error}. */
    public final JsonNode request(String method, JsonNode params) {
        return await(requestAsync(method, params), "no answer to " + method);
    }

    /** Sends a request and does not wait. The future completes with the whole response, and never if there is none. */
    public final CompletableFuture<JsonNode> requestAsync(String method, JsonNode params) {
        CompletableFuture<JsonNode> response = new CompletableFuture<>();
        send(open.add(method, params, response).line());
        return response;
    }

    /** Sends a tool call and does not wait. The future completes with the whole response, and never if there is none. */
    public final CompletableFuture<JsonNode> ask(String tool, JsonNode arguments) {
        return requestAsync("tools/call", callParams(tool, arguments));
    }

    /** The line of a request, for the caller to send. The future completes with the whole response. */
    public final String line(String method, JsonNode params, CompletableFuture<JsonNode> response) {
        return open.add(method, params, response).line() + "\n";
    }

    /** The same for a tool call. */
    public final String callLine(String tool, JsonNode arguments, CompletableFuture<JsonNode> response) {
        return line("tools/call", callParams(tool, arguments), response);
    }

    private static ObjectNode callParams(String tool, JsonNode arguments) {
        ObjectNode params = TestJson.object().put("name", tool);
        params.set("arguments", arguments);
        return params;
    }

    /** Waits for a response. */
    public final <T> T get(CompletableFuture<T> response) {
        return await(response, "no answer");
    }

    /** The number in the id of the last request. */
    public final int lastId() {
        return open.lastId();
    }

    /** Waits for a message of any kind; one that has already come counts. */
    public final JsonNode awaitMessage(String description, Predicate<JsonNode> condition) {
        synchronized (received) {
            Polling.awaitOn(
                    received,
                    Polling.LIMIT,
                    () -> stdoutEnd().isDone() || received.stream().anyMatch(condition),
                    () -> "no " + description + lastWords());
            return received.stream()
                    .filter(condition)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the server ended without " + description + lastWords()));
        }
    }

    /** The server's messages so far, as far as the client keeps them. */
    public final List<JsonNode> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** The server's notifications of one method so far. */
    public final List<JsonNode> notifications(String method) {
        return received().stream()
                .filter(message -> message.path("method").asText().equals(method))
                .toList();
    }

    /** Waits until all of stdout has been read. */
    public final void awaitAllRead() {
        await(stdoutEnd(), "stdout does not end");
    }

    /** Closes the server's stdin and waits for its end. */
    public final Exit end() {
        return endBy(this::closeStdin);
    }

    /** Sends SIGTERM and waits for the end. */
    public final Exit terminate() {
        // By the handle: Process.destroy would close the streams as well.
        return endBy(() -> process().destroy());
    }

    /** Sends SIGKILL and waits for the end. */
    public final Exit kill() {
        return endBy(() -> process().destroyForcibly());
    }

    /** Ends the server by closing its stdin, unless it has ended, and checks what it wrote. */
    @Override
    public void close() {
        try {
            if (exit == null) {
                end();
            }
            if (!violations().isEmpty()) {
                throw new AssertionError("violations of the protocol: " + violations() + lastWords());
            }
        } finally {
            destroy();
        }
    }

    private Exit endBy(Runnable signal) {
        long start = System.nanoTime();
        signal.run();
        int code = awaitExit();
        Exit ended = new Exit(code, Duration.ofNanos(System.nanoTime() - start));
        awaitPumps();
        exit = ended;
        return ended;
    }

    private void receive(JsonNode message) {
        OpenRequests.Match match = open.receive(message);
        if (match == OpenRequests.Match.SECOND_ANSWER) {
            addViolation("answered twice: " + message);
        }
        if (match == OpenRequests.Match.OTHER && onOther != null) {
            onOther.accept(message);
        } else if (match == OpenRequests.Match.OTHER || keepsAnswers) {
            synchronized (received) {
                received.add(message);
                received.notifyAll();
            }
        }
    }

    private JsonNode resultOf(JsonNode response) {
        if (response.has("error")) {
            throw new AssertionError("refused: " + response + lastWords());
        }
        return response.path("result");
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> future, String failure) {
        try {
            if (!future.isDone()) {
                CompletableFuture.anyOf(future, stdoutEnd()).get(Polling.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (!future.isDone()) {
                throw new AssertionError(failure + ": the server ended" + lastWords());
            }
            return future.get();
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError(failure + ": " + e + lastWords(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + failure, e);
        }
    }
}

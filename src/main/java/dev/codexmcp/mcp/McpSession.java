package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.mcp.jsonrpc.IncomingMessage;
import dev.codexmcp.mcp.jsonrpc.PendingRequests;
import dev.codexmcp.mcp.jsonrpc.ResponseAddress;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.jsonrpc.ResponseFormat;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.prompts.Runbook;
import dev.codexmcp.tool.Caller;
import dev.codexmcp.tool.DefaultFolder;
import dev.codexmcp.tool.HostTable;
import dev.codexmcp.tool.ProgressListener;
import dev.codexmcp.tool.Tool;
import dev.codexmcp.tool.ToolCatalog;
import io.modelcontextprotocol.server.McpNotificationHandler;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The SDK's session with our handlers: it routes each message to its handler and the handler's answer to the transport.
 * The session is initialized as soon as it is created: until then the SDK refuses requests, and a client may send some
 * before {@code notifications/initialized}.
 */
final class McpSession {
    private static final Logger log = LoggerFactory.getLogger(McpSession.class);

    /** The notifications after which the client's roots may be new. */
    private static final Set<String> ASKS_FOR_ROOTS =
            Set.of(McpSchema.METHOD_NOTIFICATION_INITIALIZED, McpSchema.METHOD_NOTIFICATION_ROOTS_LIST_CHANGED);

    private final HostTable hosts;
    private final ClientRoots roots;
    private final LineWriter writer;
    private final PendingRequests pending;
    private final ToolCatalog tools;
    private final ToolExecutor calls;
    private final McpServerSession session;
    private @Nullable JobRequests jobRequests;

    McpSession(Function<Executor, ToolCatalog> tools, HostTable hosts, LineWriter writer, PendingRequests pending) {
        this.hosts = hosts;
        this.roots = new ClientRoots(writer, Path.of("").toAbsolutePath());
        this.writer = writer;
        this.pending = pending;
        ToolThreadPool threads = new ToolThreadPool(writer);
        this.tools = tools.apply(threads);
        this.calls = new ToolExecutor(this.tools, writer, threads);
        McpRequestHandler<Result> ping = (exchange, params) -> Mono.just(Result.EMPTY);
        McpRequestHandler<Result> list = (exchange, params) -> Mono.just(toolsList((RoutedRequest) params));
        McpRequestHandler<Result> call = (exchange, params) -> toolsCall((RoutedRequest) params);
        McpRequestHandler<Result> aboutJobs =
                (exchange, params) -> jobRequests().handle((RoutedRequest) params, caller((RoutedRequest) params));
        McpRequestHandler<Result> read = (exchange, params) -> read((RoutedRequest) params);
        Map<String, McpRequestHandler<?>> requests = new HashMap<>(PromptsAndResources.handlers());
        JobRequests.METHODS.forEach(method -> requests.put(method, aboutJobs));
        requests.put(McpSchema.METHOD_RESOURCES_READ, read);
        requests.put(McpSchema.METHOD_PING, ping);
        requests.put(McpSchema.METHOD_TOOLS_LIST, list);
        requests.put(McpSchema.METHOD_TOOLS_CALL, call);
        Map<String, McpNotificationHandler> notifications =
                Map.of("notifications/cancelled", (exchange, params) -> cancelled((JsonNode) params));
        this.session = new McpServerSession(
                "stdio",
                Duration.ofHours(1), // timeout of our own requests, of which there are none
                new SessionTransport(writer, pending),
                request -> Mono.error(new IllegalStateException("initialize is handled elsewhere")),
                requests,
                notifications);
        notify(McpSchema.METHOD_NOTIFICATION_INITIALIZED, MissingNode.getInstance());
    }

    /** @param format of the response */
    void handle(IncomingMessage.Request request, ClientInfo client, ResponseFormat format) {
        long number = pending.add(request.id(), new ResponseAddress(request.rawId(), format));
        McpSchema.JSONRPCRequest message = new McpSchema.JSONRPCRequest(
                McpSchema.JSONRPC_VERSION,
                request.method(),
                Long.valueOf(number),
                new RoutedRequest(number, request.rawId(), request.method(), request.params(), client));
        try {
            pending.setWork(number, session.handle(message).subscribe(done -> {}, McpSession::failed));
        } catch (RuntimeException | Error e) {
            refuse(request, number, e);
        }
    }

    /** Answers a request that could not even be started: most likely the system has no thread for it. */
    private void refuse(IncomingMessage.Request request, long number, Throwable failure) {
        log.error("Failed to handle a request", failure);
        ResponseAddress address = pending.remove(number);
        if (address != null) {
            String reason = ToolExecutor.isHeapFull(failure)
                    ? ToolExecutor.HEAP_FULL
                    : "The server could not start this: " + failure.getMessage()
                            + ". The system probably allows no more processes or threads: end some, then try again.";
            writer.send(
                    request.method().equals(McpSchema.METHOD_TOOLS_CALL)
                            ? address.result(ToolExecutor.refused(request.params(), reason))
                            : address.error(McpSchema.ErrorCodes.INTERNAL_ERROR, reason));
        }
    }

    void handle(IncomingMessage.Response response) {
        roots.answered(response);
    }

    void handle(IncomingMessage.Notification notification, ClientInfo client) {
        if (client.hasRoots() && ASKS_FOR_ROOTS.contains(notification.method())) {
            roots.ask();
        }
        // The session is initialized already and would complain about another notification; roots are not its business.
        if (!ASKS_FOR_ROOTS.contains(notification.method())) {
            notify(notification.method(), notification.params());
        }
    }

    private void notify(String method, JsonNode params) {
        McpSchema.JSONRPCNotification message =
                new McpSchema.JSONRPCNotification(McpSchema.JSONRPC_VERSION, method, params);
        session.handle(message).subscribe(done -> {}, McpSession::failed);
    }

    private static void failed(Throwable failure) {
        log.error("The session failed to handle a message", failure);
    }

    private Result toolsList(RoutedRequest request) {
        boolean structured = !hosts.limits(request.client().name(), false).showsBoth();
        return Result.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tools");
            for (Tool tool : tools.all()) {
                tool.spec().writeTo(json, structured);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Mono<Result> toolsCall(RoutedRequest call) {
        if (!call.params().path("name").isTextual()) {
            return Mono.error(McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message("\"params.name\" must be the name of a tool; tools/list names them.")
                    .build());
        }
        String name = call.params().path("name").asText();
        if (call.client().stateless() && tools.find(name).isEmpty()) {
            return Mono.error(McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message("\"" + name + "\": " + tools.missing(name))
                    .build());
        }
        return calls.call(call.params(), caller(call));
    }

    private Caller caller(RoutedRequest call) {
        ProgressListener progress = ProgressNotifier.of(call, writer, pending);
        return new Caller(
                hosts.limits(call.client().name(), progress.wanted()),
                progress,
                call.client().stateless() ? DefaultFolder.OWN : roots,
                CallMeta.boss(call.params()));
    }

    /** Created only if it is needed: most clients do without. */
    private synchronized JobRequests jobRequests() {
        if (jobRequests == null) {
            jobRequests = new JobRequests(tools, calls, writer);
        }
        return jobRequests;
    }

    private Mono<Result> read(RoutedRequest request) {
        String uri = request.params().path("uri").asText();
        return uri.equals(Runbook.URI)
                ? PromptsAndResources.runbook()
                : jobRequests().read(uri, caller(request));
    }

    private Mono<Void> cancelled(JsonNode params) {
        pending.cancel(params.path("requestId"));
        return Mono.empty();
    }

    /** Loads in advance what the first call needs. */
    void warmUp() {
        calls.warmUp();
    }

    /** Waits for the running calls to be answered; accepts no more. */
    void finish(long millis) throws InterruptedException {
        calls.finish(millis);
    }
}

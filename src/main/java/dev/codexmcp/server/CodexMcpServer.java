package dev.codexmcp.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.server.Answers.Result;
import dev.codexmcp.tool.Tool;
import dev.codexmcp.tool.ToolCatalog;
import io.modelcontextprotocol.server.McpNotificationHandler;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The server: reads the client's lines, has the SDK's session route them to the handlers below, and outlives any input.
 *
 * <p>The thread in {@link #run} reads, and handles what is quick; see {@link ToolCalls} for the rest. {@code initialize} is
 * answered right here, since the session's classes take longer to load than all else together: the session is made with the
 * first message after it, and told at once that it is initialized, so that a client that asks before it says so is answered.
 */
public final class CodexMcpServer {
    private static final Logger log = LoggerFactory.getLogger(CodexMcpServer.class);

    /** How long calls under way may take once the client has closed its end. */
    private static final long CALLS_MILLIS = 500;

    private static final long DRAIN_MILLIS = 500;

    private final LineReader lines;
    private final MessageReader messages = new MessageReader();
    private final AnswerWriter writer;
    private final PendingRequests pending = new PendingRequests();
    private final ToolCatalog tools;
    private final ToolCalls calls;
    private final Handshake handshake;
    private @Nullable McpServerSession session;

    /**
     * To be made on the thread that will {@link #run} it.
     *
     * @param version the server's own
     * @param onBroken run once when the client can't be written to any more
     */
    public CodexMcpServer(InputStream in, OutputStream out, ToolCatalog tools, String version, Runnable onBroken) {
        this.lines = new LineReader(in);
        this.writer = new AnswerWriter(out, Thread.currentThread(), onBroken);
        this.tools = tools;
        this.calls = new ToolCalls(tools);
        this.handshake = new Handshake(version);
    }

    /** Serves until the client closes its end. */
    public void run() throws InterruptedException {
        try {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                handle(line);
                if (!lines.lineWaiting()) {
                    writer.flush();
                    writer.awaitRoom();
                }
            }
        } catch (IOException e) {
            log.debug("Standard input failed, which is its end", e);
        }
    }

    /** Lets the calls under way come to an answer; no more are taken. */
    public void finishCalls() throws InterruptedException {
        calls.finish(CALLS_MILLIS);
    }

    /** Sees that what has been answered is written, as far as the client reads it. */
    public void finishAnswers() throws InterruptedException {
        writer.drain(DRAIN_MILLIS);
    }

    private void handle(LineReader.Line line) {
        if (isBlank(line)) {
            return;
        }
        try {
            Incoming incoming = messages.read(line);
            if (incoming instanceof Incoming.Request request) {
                handle(request);
            } else if (incoming instanceof Incoming.Notification notification) {
                handle(notification);
            } else if (incoming instanceof Incoming.Wrong wrong) {
                writer.send(Answers.error(wrong.id(), wrong.code(), wrong.message()));
            }
        } catch (RuntimeException | Error e) {
            log.error("A message could not be handled", e);
            writer.send(Answers.error(
                    "null", McpSchema.ErrorCodes.INTERNAL_ERROR, "The server failed on this message: " + e));
        }
    }

    private static boolean isBlank(LineReader.Line line) {
        for (int i = 0; i < line.length(); i++) {
            byte b = line.bytes()[line.offset() + i];
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return !line.tooLong();
    }

    private void handle(Incoming.Request request) {
        if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
            writer.send(Answers.line(request.rawId(), handshake.answer(request.params())));
            return;
        }
        long number = pending.add(request.id(), request.rawId());
        McpSchema.JSONRPCRequest message = new McpSchema.JSONRPCRequest(
                McpSchema.JSONRPC_VERSION, request.method(), Long.valueOf(number), new Call(number, request.params()));
        pending.working(number, session().handle(message).subscribe(done -> {}, this::sessionFailed));
    }

    private void handle(Incoming.Notification notification) {
        // The session believes itself initialized from its beginning: told twice, it would complain.
        if (!notification.method().equals(McpSchema.METHOD_NOTIFICATION_INITIALIZED)) {
            notify(session(), notification.method(), notification.params());
        }
    }

    private void notify(McpServerSession to, String method, JsonNode params) {
        McpSchema.JSONRPCNotification message =
                new McpSchema.JSONRPCNotification(McpSchema.JSONRPC_VERSION, method, params);
        to.handle(message).subscribe(done -> {}, this::sessionFailed);
    }

    private void sessionFailed(Throwable failure) {
        log.error("The session failed on a message", failure);
    }

    private McpServerSession session() {
        if (session == null) {
            McpRequestHandler<Result> ping = (exchange, params) -> Mono.just(Result.EMPTY);
            McpRequestHandler<Result> list = (exchange, params) -> Mono.just(toolsList());
            McpRequestHandler<Result> call = (exchange, params) -> toolsCall((Call) params);
            Map<String, McpRequestHandler<?>> requests = Map.of(
                    McpSchema.METHOD_PING, ping,
                    McpSchema.METHOD_TOOLS_LIST, list,
                    McpSchema.METHOD_TOOLS_CALL, call);
            Map<String, McpNotificationHandler> notifications =
                    Map.of("notifications/cancelled", (exchange, params) -> cancelled((JsonNode) params));
            session = new McpServerSession(
                    "stdio",
                    Duration.ofHours(1), // for requests of ours, of which there are none
                    new StdioTransport(writer, pending),
                    request -> Mono.error(new IllegalStateException("initialize does not come this way")),
                    requests,
                    notifications);
            notify(session, McpSchema.METHOD_NOTIFICATION_INITIALIZED, MissingNode.getInstance());
        }
        return session;
    }

    private Result toolsList() {
        return Result.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tools");
            for (Tool tool : tools.all()) {
                tool.spec().writeTo(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Mono<Result> toolsCall(Call call) {
        if (!call.params().path("name").isTextual()) {
            return Mono.error(McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message("\"params.name\" must be the name of a tool; tools/list names them.")
                    .build());
        }
        return calls.call(call.params(), ProgressNotifications.of(call, writer, pending))
                .map(Answers::of);
    }

    private Mono<Void> cancelled(JsonNode params) {
        JsonNode id = params.path("requestId");
        pending.cancel(id);
        return Mono.empty();
    }
}

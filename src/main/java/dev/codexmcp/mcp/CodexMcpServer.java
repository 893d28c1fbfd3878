package dev.codexmcp.mcp;

import dev.codexmcp.mcp.jsonrpc.IncomingMessage;
import dev.codexmcp.mcp.jsonrpc.MessageParser;
import dev.codexmcp.mcp.jsonrpc.PendingRequests;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder;
import dev.codexmcp.mcp.jsonrpc.ResponseFormat;
import dev.codexmcp.mcp.stdio.LineReader;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import dev.codexmcp.mcp.stdio.ReadAheadInputStream;
import dev.codexmcp.tool.ToolCatalog;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * The server: reads the client's lines, answers them or passes them to the {@link McpSession}, and survives any input.
 *
 * <p>The thread in {@link #run} reads, and handles quick requests; see {@link ToolExecutor} for the others. It answers
 * {@code initialize} itself while another thread creates the session, whose classes take longer to load than all others
 * together.
 */
public final class CodexMcpServer {
    /** How long running calls may take after EOF from the client. */
    private static final long CALLS_MILLIS = 500;

    /**
     * How many bytes to read ahead while the client reads nothing: the longest allowed line, if the heap has room for
     * it.
     */
    private static final long READ_AHEAD = Math.max(
            64 * 1024, Math.min(LineReader.MAX_LINE, Runtime.getRuntime().maxMemory() / 8));

    private final ReadAheadInputStream in;
    private final LineReader lines;
    private final LineWriter writer;
    private final PendingRequests pending = new PendingRequests();
    private final FutureTask<McpSession> session;
    private final InitializeHandler handshake;
    private final Optional<StatelessProtocol> stateless;
    private final Runnable warmUp;
    private final Runnable onGone;
    private boolean warm;

    /** Used by the thread in {@link #run}. */
    private ClientInfo client = ClientInfo.UNKNOWN;

    /**
     * @param tools creates the tools, which may use the threads that calls run on; called once, on another thread
     * @param warmUp loads in advance what the first call needs; called once, on another thread
     * @param settings the server's version, and what is known of the clients' hosts
     * @param onGone run on another thread when writing to the client fails, or when the client has closed stdin and no
     *     longer reads
     */
    public CodexMcpServer(
            InputStream in,
            OutputStream out,
            Function<Executor, ToolCatalog> tools,
            Runnable warmUp,
            ServerSettings settings,
            Runnable onGone) {
        this.onGone = onGone;
        this.in = new ReadAheadInputStream(in, READ_AHEAD, this::endSeenAhead);
        this.lines = new LineReader(this.in);
        this.writer = new LineWriter(out, onGone, this::readAhead);
        this.handshake = new InitializeHandler(settings.version());
        this.stateless = settings.stateless() ? Optional.of(new StatelessProtocol(handshake)) : Optional.empty();
        this.warmUp = warmUp;
        this.session = new FutureTask<>(() -> new McpSession(tools, settings.hosts(), writer, pending));
        start("session", session);
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Serves until EOF. */
    public void run() throws InterruptedException {
        writer.deferToFlush();
        try {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                handle(line);
                if (!lines.lineWaiting() || !writer.hasRoom()) {
                    writer.flush();
                    warmUpOnce();
                    awaitRoom();
                }
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(CodexMcpServer.class).debug("Reading standard input failed; treating it as EOF", e);
        }
    }

    /** Lets another thread read while this one waits for the client, so that EOF is noticed. */
    private void awaitRoom() throws InterruptedException {
        while (!writer.hasRoom()) {
            readAhead();
            writer.awaitRoom();
        }
    }

    private void readAhead() {
        try {
            in.readAhead();
        } catch (OutOfMemoryError e) {
            // No thread available: the caller retries in a second.
        }
    }

    /**
     * Handles EOF seen while reading ahead. If the client still reads, the thread in {@link #run} gets to EOF by
     * itself.
     */
    private void endSeenAhead() {
        try {
            writer.awaitStall();
            onGone.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs after the first answer, which clients wait for: it must not compete for the processor. */
    private void warmUpOnce() {
        if (!warm) {
            warm = true;
            try {
                start("warm-up", this::warmUp);
            } catch (OutOfMemoryError e) {
                // The system refuses a thread: the call that needs one reports it.
            }
        }
    }

    private void warmUp() {
        warmUp.run();
        try {
            session().warmUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // There is no session: the first request that needs it reports this.
        }
    }

    /** Waits for the running calls to be answered; accepts no more. */
    public void finishCalls() throws InterruptedException {
        session().finish(CALLS_MILLIS);
    }

    /** Waits until all answers are written, as long as the client reads them. */
    public void finishAnswers() throws InterruptedException {
        writer.drain();
    }

    private void handle(LineReader.Line line) throws InterruptedException {
        if (isBlank(line)) {
            return;
        }
        try {
            IncomingMessage incoming = MessageParser.read(line);
            if (incoming instanceof IncomingMessage.Request request) {
                handle(request);
            } else if (incoming instanceof IncomingMessage.Notification notification) {
                session().handle(notification, client);
            } else if (incoming instanceof IncomingMessage.Response response) {
                session().handle(response);
            } else if (incoming instanceof IncomingMessage.InvalidMessage invalid) {
                writer.send(ResponseEncoder.error(invalid.rawId(), invalid.code(), invalid.message()));
            }
        } catch (RuntimeException | Error e) {
            LoggerFactory.getLogger(CodexMcpServer.class).error("Failed to handle a message", e);
            writer.send(ResponseEncoder.error(
                    MessageParser.recoverId(line),
                    McpSchema.ErrorCodes.INTERNAL_ERROR,
                    ToolExecutor.isHeapFull(e) ? ToolExecutor.HEAP_FULL : "The server failed on this message: " + e));
        }
    }

    private void handle(IncomingMessage.Request request) throws InterruptedException {
        if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
            client = ClientInfo.withHandshake(request.params());
            writer.send(ResponseEncoder.line(request.rawId(), handshake.answer(request.params())));
        } else if (stateless.isPresent() && stateless.get().isMeant(request)) {
            handle(request, stateless.get());
        } else {
            session().handle(request, client, ResponseFormat.WITH_HANDSHAKE);
        }
    }

    private void handle(IncomingMessage.Request request, StatelessProtocol protocol) throws InterruptedException {
        Optional<OutgoingLine> answer = protocol.answer(request);
        if (answer.isPresent()) {
            writer.send(answer.get());
        } else {
            session().handle(request, protocol.client(request), protocol.format(request));
        }
    }

    private McpSession session() throws InterruptedException {
        try {
            return session.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the session could not be created", e.getCause());
        }
    }

    private static boolean isBlank(LineReader.Line line) {
        for (int i = 0; i < line.length(); i++) {
            byte b = line.bytes()[line.offset() + i];
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return line.extent() == LineReader.Extent.WHOLE;
    }
}

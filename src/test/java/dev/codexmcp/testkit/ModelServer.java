package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * A model on a loopback address for the real Codex CLI: {@code POST /v1/responses}, answered with
 * server-sent events; and for other hosts, in their own protocols (see {@link HostProtocol}). The prompt contains its replies (see {@link ModelScript}); a prompt without a script is
 * echoed. Between requests it keeps nothing but a record of them, so it serves any number of conversations.
 *
 * <p>A reply that waits at a {@link Gate} occupies no thread.
 */
public final class ModelServer implements AutoCloseable {

    private static final int THREADS = 8;

    private static final Reply.Cue NOTHING_HERE =
            new Reply.Cue.BreakOff(new ScriptStep.Break.Refusal(404, "nothing here"));

    static {
        // Without it every streamed reply waits 40 ms for the kernel's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer http;
    private final ExecutorService threads;
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private final List<ModelRequest> requests = new CopyOnWriteArrayList<>();
    private final Set<HttpExchange> open = ConcurrentHashMap.newKeySet();

    private ModelServer(HttpServer http, ExecutorService threads) {
        this.http = http;
        this.threads = threads;
    }

    /** Starts a server on a free port of the loopback address. */
    public static ModelServer start() {
        HttpServer http;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("the model server cannot listen on the loopback address", e);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "model-server");
            thread.setDaemon(true);
            return thread;
        });
        ModelServer server = new ModelServer(http, threads);
        http.createContext("/", server::handle);
        http.setExecutor(threads);
        http.start();
        return server;
    }

    /** Runs a server until standard input ends, and prints its address. */
    public static void main(String[] args) throws IOException {
        try (ModelServer server = start()) {
            System.out.println(server.baseUrl());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** The {@code base_url} of the CLI's configuration. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
    }

    /** The gate of this name. */
    public Gate gate(String name) {
        return gates.computeIfAbsent(name, Gate::new);
    }

    /** Every request so far, in the order of arrival. */
    public List<ModelRequest> requests() {
        return List.copyOf(requests);
    }

    /** The requests that meet a condition. */
    public List<ModelRequest> requests(Predicate<ModelRequest> condition) {
        return requests.stream().filter(condition).toList();
    }

    /** Closes the connection of every open reply, and ends. */
    @Override
    public void close() {
        threads.shutdownNow();
        open.forEach(HttpExchange::close);
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        open.add(exchange);
        ModelRequest request = read(exchange);
        requests.add(request);
        Optional<HostProtocol> host = HostProtocol.of(request);
        if (host.isPresent()) {
            host.get().write(request, host.get().read(request.body()).reply(), new HostAnswer(exchange));
            open.remove(exchange);
            return;
        }
        ReplyStream reply = new ReplyStream(exchange);
        boolean known = request.method().equals("POST") && request.path().equals("/v1/responses");
        List<Reply.Cue> cues = known ? Reply.to(request) : List.of(NOTHING_HERE);
        play(cues.iterator(), reply, exchange);
    }

    private static ModelRequest read(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream raw = exchange.getRequestBody();
                InputStream body = zipped ? new GZIPInputStream(raw) : raw) {
            byte[] bytes = body.readAllBytes();
            JsonNode json = bytes.length == 0 ? MissingNode.getInstance() : TestJson.MAPPER.readTree(bytes);
            return new ModelRequest(
                    Instant.now(),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    json);
        }
    }

    /** Plays the cues in order. During a hold it occupies no thread. */
    private void play(Iterator<Reply.Cue> cues, ReplyStream reply, HttpExchange exchange) {
        try {
            while (cues.hasNext()) {
                Reply.Cue cue = cues.next();
                if (cue instanceof Reply.Cue.Wait wait) {
                    reply.flush();
                    var unused = wait.hold().begin(this::gate).thenRunAsync(() -> play(cues, reply, exchange), threads);
                    return;
                }
                perform(cue, reply);
            }
        } catch (IOException e) {
            // The client is gone, since a worker was cancelled: nobody is left to report it to.
            reply.hangUp();
        }
        open.remove(exchange);
    }

    private static void perform(Reply.Cue cue, ReplyStream reply) throws IOException {
        if (cue instanceof Reply.Cue.Send send) {
            reply.item(send.item());
        } else if (cue instanceof Reply.Cue.BreakOff end) {
            end.how().end(reply);
        } else {
            reply.complete();
        }
    }
}

package dev.codexmcp.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the page and its API on 127.0.0.1. Each request has its own thread, so that a page that does not read blocks no other.
 */
public final class Dashboard implements AutoCloseable {
    /** Any number of connections may be slow, and each of them has a thread. */
    private static final long STACK_BYTES = 256 * 1024;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Guard guard;
    private final Api api;

    private Dashboard(HttpServer server, ExecutorService threads, Guard guard, Api api) {
        this.server = server;
        this.threads = threads;
        this.guard = guard;
        this.api = api;
    }

    /**
     * Begins to serve.
     *
     * @param port 0 for any free port
     * @throws IOException if the port is taken
     */
    public static Dashboard start(LiveFleet fleet, int port) throws IOException {
        // Read once, when the first server is created: a request must come within this many seconds.
        System.setProperty("sun.net.httpserver.maxReqTime", "30");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(null, task, "http", STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        Dashboard dashboard =
                new Dashboard(server, threads, Guard.create(server.getAddress().getPort()), new Api(fleet));
        server.createContext("/", dashboard::handle);
        server.start();
        return dashboard;
    }

    /** The address of the page, with the token. Anyone who has it may read and cancel all jobs. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/#token=" + guard.token();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Guard.protect(exchange.getResponseHeaders());
            String path = exchange.getRequestURI().getPath();
            boolean isApi = path != null && path.startsWith("/api/");
            Optional<Integer> refused = guard.refuse(exchange, isApi);
            if (refused.isPresent()) {
                if (refused.get() == 401) {
                    exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                }
                fail(exchange, refused.get(), "refused");
            } else if (isApi) {
                callApi(exchange, path);
            } else {
                sendAsset(exchange, path == null ? "" : path);
            }
        }
    }

    private void callApi(HttpExchange exchange, String path) throws IOException {
        try {
            if (path.equals("/api/stream")) {
                only(exchange, "GET");
                api.stream(() -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
                    exchange.sendResponseHeaders(200, 0);
                    return exchange.getResponseBody();
                });
            } else {
                only(exchange, path.endsWith("/cancel") ? "POST" : "GET");
                send(exchange, 200, api.answer(path, exchange.getRequestURI().getQuery()));
            }
        } catch (HttpFailure e) {
            fail(exchange, e.status(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void only(HttpExchange exchange, String method) throws HttpFailure {
        if (!exchange.getRequestMethod().equals(method)) {
            exchange.getResponseHeaders().set("Allow", method);
            throw new HttpFailure(405, "only " + method);
        }
    }

    private static void sendAsset(HttpExchange exchange, String path) throws IOException {
        Optional<Assets.Asset> asset = Assets.find(path);
        if (asset.isEmpty() || !exchange.getRequestMethod().equals("GET")) {
            fail(exchange, 404, "not found");
            return;
        }
        byte[] content = asset.get().content();
        exchange.getResponseHeaders().set("Content-Type", asset.get().type());
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    private static void fail(HttpExchange exchange, int status, String message) throws IOException {
        send(exchange, status, Api.error(message));
    }

    private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] content = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1); // its answer has no body
            return;
        }
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package dev.codexmcp.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The packaged server under load. Every line it prints must be JSON-RPC, and each of our requests gets one answer;
 * other answers are counted, since generated requests may have any id.
 */
final class LoadServer implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build());

    /** The prefix of our own ids; no generated id has it. */
    static final String OURS = "ours-";

    private static final int INTERNAL_ERROR = -32603;

    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final OutputStream stdin;
    private final Map<String, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicLong lines = new AtomicLong();
    private final Map<String, AtomicLong> others = new ConcurrentHashMap<>();

    LoadServer(String launcher, Path folder, Path codex, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("CODEX_MCP_CODEX_BIN", codex.toString());
        builder.environment().putAll(environment);
        builder.redirectError(
                ProcessBuilder.Redirect.appendTo(folder.resolve("stderr.txt").toFile()));
        process = builder.start();
        stdin = process.getOutputStream();
        Thread reader = new Thread(this::read, "answers");
        reader.setDaemon(true);
        reader.start();
        ObjectNode hello = JSON.createObjectNode().put("protocolVersion", "2025-06-18");
        hello.putObject("capabilities");
        hello.putObject("clientInfo").put("name", "load").put("version", "1");
        get(request("initialize", hello));
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.incrementAndGet();
                take(line);
            }
        } catch (IOException e) {
            violations.add("stdout failed: " + e);
        }
        open.values().forEach(answer -> answer.completeExceptionally(new IOException("the server has exited")));
    }

    private void take(String line) {
        JsonNode message;
        try {
            message = JSON.readTree(line);
        } catch (IOException e) {
            violations.add("no JSON: " + cut(line));
            return;
        }
        boolean answer = message.has("id") && message.has("result") != message.has("error");
        boolean notification = !message.has("id") && message.path("method").isTextual();
        if (!message.path("jsonrpc").asText().equals("2.0") || answer == notification) {
            violations.add("no JSON-RPC: " + cut(line));
            return;
        }
        if (message.path("error").path("code").asInt() == INTERNAL_ERROR) {
            violations.add("the server failed: " + cut(line));
        }
        String id = message.path("id").asText();
        if (answer && id.startsWith(OURS)) {
            CompletableFuture<JsonNode> waiting = open.remove(id);
            if (waiting == null) {
                violations.add("answered twice: " + cut(line));
            } else {
                waiting.complete(message);
            }
        } else {
            String kind = notification
                    ? "notification"
                    : message.path("error").path("code").asText("result");
            others.computeIfAbsent(kind, k -> new AtomicLong()).incrementAndGet();
        }
    }

    private static String cut(String line) {
        return line.length() <= 300 ? line : line.substring(0, 300) + "… (" + line.length() + ")";
    }

    /** A request's line, and its future answer. */
    record Asked(byte[] line, CompletableFuture<JsonNode> answer) {}

    Asked ask(String method, JsonNode params) {
        String id = OURS + ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        open.put(id, answer);
        ObjectNode message =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        return new Asked((message + "\n").getBytes(UTF_8), answer);
    }

    CompletableFuture<JsonNode> request(String method, JsonNode params) {
        Asked asked = ask(method, params);
        send(asked.line());
        return asked.answer();
    }

    void send(byte[] bytes) {
        try {
            synchronized (stdin) {
                stdin.write(bytes);
                stdin.flush();
            }
        } catch (IOException e) {
            throw new IllegalStateException("the server reads no more", e);
        }
    }

    /** Calls a tool; returns the whole {@code result}. */
    JsonNode call(String tool, ObjectNode arguments) {
        ObjectNode params = JSON.createObjectNode().put("name", tool);
        params.set("arguments", arguments);
        JsonNode answer = get(request("tools/call", params));
        if (answer.has("error")) {
            throw new IllegalStateException(tool + " failed: " + answer);
        }
        return answer.path("result");
    }

    /** The object that a tool returned. */
    static JsonNode json(JsonNode result) {
        String text = result.path("content").path(0).path("text").asText();
        if (result.path("isError").asBoolean()) {
            throw new IllegalStateException(text);
        }
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(cut(text), e);
        }
    }

    <T> T get(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no answer; violations " + violations, e);
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    long lines() {
        return lines.get();
    }

    /** The number of answers to other requests, by kind. */
    Map<String, AtomicLong> others() {
        return others;
    }

    ResourceUsage resources() throws IOException {
        return ResourceUsage.of(process.pid());
    }

    /** The heap's size after a collection, in bytes, if the JDK has {@code jcmd}. */
    Optional<Long> heapBytes() throws IOException, InterruptedException {
        return ResourceUsage.heapBytes(process.pid());
    }

    /** Closes the server's stdin, and waits until it exits. */
    int end() throws IOException, InterruptedException {
        stdin.close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the server does not exit");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
    }

    /** A program for the server to run instead of codex. */
    static Path program(Path place, String text) throws IOException {
        Files.writeString(place, text);
        if (!place.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + place + " executable");
        }
        return place;
    }
}

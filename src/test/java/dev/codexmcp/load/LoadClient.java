package dev.codexmcp.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.McpServerCommand;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ResourceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A client that keeps nothing of what a server under load sends: messages that answer no request of its own are counted, since
 * generated requests may have any id.
 */
final class LoadClient extends McpClient {
    /** What the ids of the client's own requests start with; no generated id does. */
    private static final String OWN = "ours-";

    private static final int INTERNAL_ERROR = -32603;

    private final Others others;

    /** What answers none of the client's own requests, counted by kind. */
    private record Others(Map<String, AtomicLong> counts, ConcurrentLinkedQueue<String> internalErrors) {
        private void add(JsonNode message) {
            JsonNode code = message.path("error").path("code");
            if (code.asInt() == INTERNAL_ERROR) {
                internalErrors.add("the server failed: " + message);
            }
            String kind = message.has("method") ? "notification" : code.asText("result");
            counts.computeIfAbsent(kind, k -> new AtomicLong()).incrementAndGet();
        }
    }

    private LoadClient(McpServerCommand command, Others others) {
        super(command);
        this.others = others;
    }

    /** Starts a server, with additions to the environment, and initializes it. */
    static LoadClient start(String launcher, Path directory, Path codex, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        all.put("CODEX_MCP_CODEX_BIN", codex.toString());
        Others others = new Others(new ConcurrentHashMap<>(), new ConcurrentLinkedQueue<>());
        McpServerCommand command = McpClient.server(List.of(launcher))
                .directory(directory)
                .environment(all)
                .idPrefix(OWN)
                .forgetAnswers()
                .onOther(others::add);
        LoadClient client = new LoadClient(command, others);
        client.startReading();
        client.initialize();
        return client;
    }

    /** Violations of the protocol, and internal errors in answers to generated requests. */
    List<String> problems() {
        return Stream.concat(violations().stream(), others.internalErrors.stream())
                .toList();
    }

    /** How many messages of each kind answered none of the client's own requests. */
    Map<String, AtomicLong> others() {
        return others.counts;
    }

    ResourceUsage resources() throws IOException {
        return ResourceUsage.of(process().pid());
    }

    /** Looks again until the condition holds, for up to a minute, and returns what it saw last. */
    ResourceUsage awaitResources(Predicate<ResourceUsage> condition) throws IOException {
        ResourceUsage[] last = {resources()};
        var unused = Polling.on("little use of resources")
                .pollInterval(Duration.ofMillis(100))
                .isReached(() -> {
                    last[0] = resources();
                    return condition.test(last[0]);
                });
        return last[0];
    }

    /** The bytes that the heap holds after a collection; empty if the JDK has no tool that reports it. */
    Optional<Long> heapBytes() throws IOException, InterruptedException {
        return ResourceUsage.heapBytes(process().pid());
    }

    /** Kills the server. */
    @Override
    public void close() {
        process().destroyForcibly();
    }

    /** A program for the server to run in place of codex. */
    static Path program(Path place, String text) throws IOException {
        Files.writeString(place, text);
        if (!place.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + place + " executable");
        }
        return place;
    }
}

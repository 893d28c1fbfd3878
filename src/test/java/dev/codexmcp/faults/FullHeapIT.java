package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** If the heap is full, the job that floods it fails and says why; no other job, event or answer is lost. */
class FullHeapIT {
    private static final String TEXT =
            "a text that is printed again and again until the heap cannot hold any more of it";

    private static final String LINE =
            "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"" + TEXT + "\"}}";

    /** These scripts never end by themselves. */
    private static final String MANY_LINES = "exec yes '" + LINE + "'";

    private static final String ONE_LINE = "exec tr '\\0' x </dev/zero";

    @TempDir
    Path scratch;

    @SuppressWarnings("NullAway.Init") // by start()
    private ShellClient server;

    @SuppressWarnings("NullAway.Init")
    private Path flood;

    /** Starts a server with this heap size and cap. */
    private void start(String heap, int maxJobs) throws IOException {
        ShellCodex.install(scratch);
        flood = Files.createDirectory(scratch.resolve("flood"));
        server = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_JAVA_OPTS", "-Xmx" + heap)
                .with("CODEX_MCP_MAX_JOBS", Integer.toString(maxJobs))
                .start();
        server.initialize();
    }

    @AfterEach
    void end() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    /** The job's events of these types. */
    private List<JsonNode> errorsAndEnd(String job) {
        ObjectNode arguments = ShellClient.job(job);
        arguments.putArray("types").add("error").add("final");
        JsonNode page = Responses.json(server.get(server.ask("codex_events", arguments)));
        assertThat(page.path("done").booleanValue()).isTrue();
        return page.path("events").findParents("type");
    }

    @ParameterizedTest
    @ValueSource(strings = {MANY_LINES, ONE_LINE})
    void jobThatFloodsItFailsAndSaysWhatToDo(String script) throws IOException {
        start("64m", 32);
        String job = server.spawn("cd '" + flood + "'; " + script);
        server.awaitEnd(job);

        assertThat(server.status(job)).isEqualTo("failed");
        assertThat(errorsAndEnd(job))
                .hasSize(2)
                .first()
                .satisfies(error -> assertThat(
                                error.path("content").path("message").asText())
                        .contains("heap is full", "CODEX_MCP_JAVA_OPTS=-Xmx"));
        ProcessProbe.inDirectory(flood).awaitNone();
    }

    /** Short lines fill the heap mainly with their index, long ones with their text. */
    @ParameterizedTest
    @CsvSource({"128m, 2", "512m, 500", "1g, 300"})
    void jobThatFloodsItEndsAndReturnsItsPermitWhateverFillsTheHeap(String heap, int lineBytes) throws IOException {
        start(heap, 1);
        String line = lineBytes == 2 ? "1" : "\"" + "x".repeat(lineBytes - 3) + "\"";

        String job = server.spawn("cd '" + flood + "'; exec yes '" + line + "'");
        server.awaitEnd(job);

        assertThat(server.status(job)).isEqualTo("failed");
        assertThat(errorsAndEnd(job)).hasSize(2);
        ProcessProbe.inDirectory(flood).awaitNone();
        String next = server.spawn("echo '{\"type\":\"turn.completed\"}'");
        server.awaitEnd(next);
        assertThat(server.status(next)).isEqualTo("done");
    }

    @Test
    void jobWithLittleOutputLosesNothing() throws Exception {
        start("64m", 32);
        Path go = scratch.resolve("go");
        String quiet = server.spawn("while [ ! -e '" + go + "' ]; do echo '" + LINE
                + "'; sleep 0.01; done; echo '{\"type\":\"turn.completed\"}'");
        for (int i = 0; i < 2; i++) {
            String job = server.spawn("cd '" + flood + "'; " + MANY_LINES);
            server.awaitEnd(job);
            assertThat(server.status(job)).isEqualTo("failed");
        }
        server.ping();
        Files.createFile(go);
        server.awaitEnd(quiet);

        assertThat(server.status(quiet)).isEqualTo("done");
        List<JsonNode> events = server.events(quiet);
        assertThat(events).hasSizeGreaterThan(3);
        assertThat(events.subList(1, events.size() - 2))
                .allSatisfy(event ->
                        assertThat(event.path("content").path("text").asText()).isEqualTo(TEXT));
        assertThat(events.get(events.size() - 2).path("content").path("kind").asText())
                .isEqualTo("turn.completed");
        assertThat(events.get(events.size() - 1).path("type").asText()).isEqualTo("final");

        String next = server.spawn("echo '{\"type\":\"turn.completed\"}'");
        server.awaitEnd(next);
        assertThat(server.status(next)).isEqualTo("done");
    }
}

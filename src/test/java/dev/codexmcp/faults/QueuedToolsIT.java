package dev.codexmcp.faults;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose spawns wait by default, used by a client that knows only the tools of old; and a queue of any size. */
class QueuedToolsIT {
    private static final String LONG = "exec sleep 1000";

    @TempDir
    Path scratch;

    private ShellClient server;
    private JobTools jobs;

    @BeforeEach
    void start() {
        ShellCodex.install(scratch);
        server = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_QUEUE", "1")
                .with("CODEX_MCP_MAX_JOBS", "1")
                .start();
        server.initialize();
        jobs = new JobTools(server);
    }

    @AfterEach
    void end() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    private static String says(String text) {
        return "echo '{\"type\":\"item.completed\",\"item\":{\"id\":\"m\",\"type\":\"agent_message\",\"text\":\"" + text
                + "\"}}'; echo '{\"type\":\"turn.completed\"}'";
    }

    private Map<String, Object> entry(String prompt, String label, String... dependsOn) {
        return Map.of("prompt", prompt, "label", label, "dependsOn", List.of(dependsOn));
    }

    private JsonNode counts() {
        return server.call("codex_list", Map.of("limit", 1)).json().path("counts");
    }

    @Test
    void theOldLoopWorksOnQueuedJobs() {
        String running = server.spawn(LONG);
        String queued = server.spawn(says("one"));
        String redirected = server.spawn(says("two"));

        assertThatJson(jobs.status(queued)).isEqualTo("{\"jobId\":\"" + queued + "\",\"status\":\"queued\"}");
        assertThat(jobs.result(queued)).startsWith("The job is queued");
        assertThat(jobs.fullResult(queued).path("status").asText()).isEqualTo("queued");
        assertThat(jobs.waitAny(Duration.ofMillis(1), queued, redirected)).isEmpty();
        JsonNode events = server.call("codex_events", Map.of("jobId", queued)).json();
        assertThat(events.path("events")).hasSize(1);
        assertThat(events.path("events").get(0).path("content").path("kind").asText())
                .isEqualTo("queued");
        assertThat(events.path("done").booleanValue()).isFalse();
        JsonNode interrupted = server.call("codex_interrupt", Map.of("jobId", redirected, "newPrompt", says("other")))
                .json();
        assertThat(interrupted.path("respawned").booleanValue()).isFalse();
        assertThat(interrupted.path("newJobId").asText()).isEqualTo(redirected);
        assertThat(interrupted.path("reason").asText()).contains("not been started");

        assertThat(server.cancel(running, false)).isTrue();

        assertThat(jobs.waitAny(Duration.ofMinutes(1), queued)).isEqualTo(Optional.of(queued));
        assertThat(jobs.result(queued)).isEqualTo("one");
        server.awaitEnd(redirected);
        assertThat(jobs.result(redirected)).isEqualTo("other");
        assertThat(server.events(redirected))
                .extracting(event -> event.path("content").path("kind").asText())
                .containsSequence("queued", "spawned");
    }

    @Test
    void aQueuedJobIsCanceledBeforeItsWorkerStarts() {
        server.spawn(LONG);
        String queued = server.spawn("touch started");

        assertThat(server.cancel(queued, false)).isTrue();
        assertThat(server.cancel(queued, false)).isFalse();
        assertThat(server.status(queued)).isEqualTo("canceled");
        assertThat(jobs.result(queued)).contains("its worker never started");
        assertThat(server.events(queued)).hasSize(2);
        JsonNode interrupted = server.call("codex_interrupt", Map.of("jobId", queued, "newPrompt", LONG))
                .json();
        assertThat(interrupted.has("newJobId")).isFalse();
        assertThat(scratch.resolve("started")).doesNotExist();
    }

    @Test
    void tenThousandQueuedJobsEndWithThoseTheyDependOn() {
        String running = server.spawn(LONG);
        List<Map<String, Object>> group = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            group.add(entry("touch started", "base-" + i));
            group.add(entry("touch started", "next-" + i, "base-" + i, "base-" + (i * 7) % 5_000, "base-" + i));
        }
        JsonNode results =
                server.call("codex_spawn_group", Map.of("jobs", group)).json().path("results");
        assertThat(results).hasSize(10_000).allMatch(result -> result.has("jobId"));
        assertThat(results.get(9_999).path("position").asInt()).isEqualTo(10_000);
        assertThat(server.call("codex_spawn", Map.of("prompt", LONG)).text())
                .contains("The queue is full: 10000 jobs wait", "CODEX_MCP_MAX_QUEUED");
        List<CompletableFuture<JsonNode>> waits = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waits.add(server.ask(
                    "codex_wait", TestJson.object().put("timeoutMs", 300_000).put("includeMessages", false)));
        }

        JsonNode canceled =
                server.call("codex_cancel", Map.of("label", "base-*")).json();

        assertThat(canceled.path("canceled")).hasSize(5_000);
        Polling.until("the end of the queue", () -> counts().path("queued").asInt() == 0);
        assertThat(counts().path("canceled").asInt()).isEqualTo(10_000);
        JsonNode last = jobs.status(results.get(9_999).path("jobId").asText());
        assertThat(last.path("reason").asText()).isEqualTo("dependency");
        assertThat(server.cancel(running, false)).isTrue();
        waits.forEach(server::get);
        assertThat(counts().path("canceled").asInt()).isEqualTo(10_001);
        assertThat(scratch.resolve("started")).doesNotExist();
        String next = server.spawn(says("still there"));
        server.awaitEnd(next);
        assertThat(jobs.result(next)).isEqualTo("still there");
    }

    @Test
    void aChainOfAThousandRunsInItsOrder() {
        List<Map<String, Object>> group = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String[] before = i == 0 ? new String[0] : new String[] {"c" + (i - 1)};
            group.add(0, entry("echo " + i + " >>order; " + says("done"), "c" + i, before));
        }
        JsonNode results =
                server.call("codex_spawn_group", Map.of("jobs", group)).json().path("results");

        server.awaitEnd(results.get(0).path("jobId").asText());

        assertThat(counts().path("done").asInt()).isEqualTo(1_000);
        assertThat(scratch.resolve("order"))
                .hasContent(String.join(
                        "\n",
                        IntStream.range(0, 1_000).mapToObj(Integer::toString).toList()));
    }
}

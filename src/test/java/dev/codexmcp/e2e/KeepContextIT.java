package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.Polling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Redirecting a worker that keeps its thread, at every moment of its turn. */
class KeepContextIT {
    private static final String SECRET = "the secret is 4711";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    /** A moment of a turn. */
    enum Phase {
        BEFORE_THE_FIRST_ANSWER(ModelScript.script().remark(SECRET).stall()),
        AFTER_A_THOUGHT(
                ModelScript.script().remark(SECRET).think("hm").say("first").stall()),
        IN_A_COMMAND(ModelScript.script().remark(SECRET).shell("echo begun; sleep 300")),
        AFTER_A_PATCH(
                ModelScript.script().remark(SECRET).addFile("a.txt", "text").stall()),
        AT_THE_END(ModelScript.script()
                .remark(SECRET)
                .shell("true")
                .say("last words")
                .stall());

        private final String prompt;

        Phase(ModelScript script) {
            prompt = script.prompt();
        }

        private boolean isThere(JobTools jobs, String jobId, List<ModelRequest> requests) {
            List<JsonNode> events = jobs.eventsSoFar(jobId);
            return switch (this) {
                case BEFORE_THE_FIRST_ANSWER -> !requests.isEmpty();
                case AFTER_A_THOUGHT -> has(events, "message", "first");
                case IN_A_COMMAND -> has(events, "tool_call", "sleep 300");
                case AFTER_A_PATCH -> has(events, "tool_result", "a.txt") && requests.size() == 2;
                case AT_THE_END -> has(events, "message", "last words");
            };
        }

        private static boolean has(List<JsonNode> events, String type, String text) {
            return events.stream()
                    .anyMatch(event -> event.path("type").asText().equals(type)
                            && event.path("content").toString().contains(text));
        }
    }

    private Map<String, Object> worker(String prompt) {
        return Map.of(
                "prompt",
                prompt,
                "sandbox",
                "workspace-write",
                "workingDirectory",
                bench.workspace().toString());
    }

    private static JsonNode interrupt(McpClient client, String jobId, Map<String, ?> more) {
        Map<String, Object> arguments = new LinkedHashMap<>(more);
        arguments.put("jobId", jobId);
        arguments.put("newPrompt", "what is the secret?");
        arguments.put("keepContext", true);
        return client.call("codex_interrupt", arguments).json();
    }

    private String told() {
        List<ModelRequest> requests = bench.model().requests();
        return requests.get(requests.size() - 1).body().path("input").toString();
    }

    @ParameterizedTest
    @EnumSource
    void theNewWorkerKnowsWhatTheOldOneKnew(Phase phase) {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String old = jobs.spawn(worker(phase.prompt));
        Polling.until(
                phase.toString(), () -> phase.isThere(jobs, old, bench.model().requests()));

        JsonNode answer = interrupt(client, old, Map.of("waitMs", 60_000));
        String next = answer.path("newJobId").asText();
        JsonNode status = jobs.awaitEnd(next);

        assertThat(answer.path("respawned").asBoolean()).as(answer.toString()).isTrue();
        assertThat(answer.has("reason")).as(answer.toString()).isFalse();
        assertThat(status.path("status").asText()).isEqualTo("done");
        assertThat(status.path("threadId")).isEqualTo(jobs.status(old).path("threadId"));
        assertThat(status.path("parentJobId").asText()).isEqualTo(old);
        assertThat(told()).containsSubsequence(SECRET, "what is the secret?").doesNotContain("Prior Context");
        assertThat(jobs.result(next)).startsWith("Updated Instructions\nwhat is the secret?\n");
        assertThat(client.call("codex_followup", Map.of("jobId", next, "prompt", "thanks"))
                        .isError())
                .isFalse();
    }

    /** The first moments of a worker, when its thread may not be recorded yet. */
    @Test
    void atTheVeryBeginningItResumesOrSaysWhyItStartedFresh() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);

        for (int i = 0; i < 6; i++) {
            String old = jobs.spawn(
                    worker(ModelScript.script().remark(SECRET).stall().prompt()));
            if (i % 2 == 1) {
                jobs.awaitEvent(old, "thread", event -> event.path("content").has("threadId"));
            }
            JsonNode answer = interrupt(client, old, Map.of("waitMs", 60_000));
            String next = answer.path("newJobId").asText();

            assertThat(jobs.awaitEnd(next).path("status").asText()).isEqualTo("done");
            if (answer.has("reason")) {
                assertThat(answer.path("reason").asText())
                        .matches("The new worker started fresh, without the old one's context: .*(yet)\\.");
                assertThat(told()).doesNotContain(SECRET);
            } else {
                assertThat(told()).contains(SECRET);
            }
        }
    }

    @Test
    void aWorkerThatHasNotEndedInTimeIsFollowedByAFreshOne() {
        try (FakeCodex codex = FakeCodex.ignoresSigterm(bench.folder("fake"))) {
            McpClient client = bench.start(bench.server()
                    .environment(Map.of("CODEX_MCP_CODEX_BIN", codex.program().toString())));
            JobTools jobs = new JobTools(client);
            String old = jobs.spawn(worker("hello"));
            jobs.awaitEvent(
                    old,
                    "turn",
                    event -> event.path("content").path("kind").asText().equals("turn.started"));

            JsonNode answer = interrupt(client, old, Map.of("waitMs", 0));

            assertThat(answer.path("respawned").asBoolean()).isTrue();
            assertThat(answer.path("reason").asText())
                    .isEqualTo("The new worker started fresh, without the old one's context: the old worker has not "
                            + "ended yet. The old worker has not ended yet and may still write: use codex_cancel with "
                            + "force.");
            jobs.cancel(old, true);
            jobs.cancel(answer.path("newJobId").asText(), true);
        }
    }
}

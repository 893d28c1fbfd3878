package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redirecting a worker: its job is cancelled, and another continues with new instructions. */
class InterruptIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    /** Spawns a worker that prints these messages and then waits, with its own model and effort. */
    private String spawnThatSaid(JobTools jobs, String... words) {
        ModelScript script = ModelScript.script();
        for (String word : words) {
            script.say(word);
        }
        String jobId = jobs.spawn(Map.of(
                "prompt",
                script.stall().prompt(),
                "model",
                "gpt-5.5",
                "reasoningEffort",
                "low",
                "sandbox",
                "read-only",
                "label",
                "redirected",
                "workingDirectory",
                bench.workspace().toString()));
        String last = words[words.length - 1];
        jobs.awaitEvent(
                jobId,
                last,
                event -> event.path("content").path("text").asText().equals(last));
        return jobId;
    }

    private static JsonNode interrupt(McpClient client, String jobId, String newPrompt, Map<String, ?> more) {
        Map<String, Object> arguments = new LinkedHashMap<>(more);
        arguments.put("jobId", jobId);
        arguments.put("newPrompt", newPrompt);
        arguments.putIfAbsent("waitMs", 60_000);
        return client.call("codex_interrupt", arguments).json();
    }

    /** The arguments of a job's worker, without the prompt. */
    private static List<String> options(JobTools jobs, String jobId) {
        List<String> arguments =
                JobTools.texts(jobs.eventsSoFar(jobId).get(0).path("content").path("args"));
        return arguments.subList(0, arguments.size() - 1);
    }

    @Test
    void theNewJobInheritsOptionsLabelAndTheTailOfTheOldOne() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String old = spawnThatSaid(jobs, "I found the bug.", "It is in line 7.");

        JsonNode answer = interrupt(client, old, "Only report it.", Map.of());
        String next = answer.path("newJobId").asText();
        JsonNode status = jobs.awaitEnd(next);

        assertThatJson(answer).isEqualTo("""
                {previousJobId: '%s', previousStatus: 'canceled', respawned: true, newJobId: '${json-unit.any-string}'}
                """.formatted(old));
        assertThat(status.path("status").asText()).isEqualTo("done");
        assertThat(status.path("label").asText()).isEqualTo("redirected");
        assertThat(options(jobs, next)).isEqualTo(options(jobs, old));
        assertThat(jobs.result(next))
                .startsWith("Prior Context (from interrupted job " + old + ")\n")
                .containsSubsequence(
                        "I found the bug.",
                        "It is in line 7.",
                        "\nUpdated Instructions\nOnly report it.\n",
                        "read each file again");
    }

    @Test
    void overridesChangeOnlyTheGivenOptions() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String old = spawnThatSaid(jobs, "thinking");
        String other = bench.folder("other").toString();

        JsonNode answer = interrupt(
                client,
                old,
                "Go on.",
                Map.of("overrides", Map.of("sandbox", "workspace-write", "workingDirectory", other)));

        assertThat(options(jobs, answer.path("newJobId").asText()))
                .containsExactly(
                        "exec",
                        "--json",
                        "--model",
                        "gpt-5.5",
                        "-c",
                        "model_reasoning_effort=\"low\"",
                        "--sandbox",
                        "workspace-write",
                        "-C",
                        other,
                        "--skip-git-repo-check",
                        "--");
    }

    @Test
    void theTailHasTheRequestedLength() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String[] words = IntStream.range(0, 30).mapToObj(i -> "word-" + i).toArray(String[]::new);

        String two =
                resultOf(jobs, interrupt(client, spawnThatSaid(jobs, words), "Go on.", Map.of("tailMaxEvents", 2)));
        String most =
                resultOf(jobs, interrupt(client, spawnThatSaid(jobs, words), "Go on.", Map.of("tailMaxEvents", 500)));
        String none = resultOf(
                jobs, interrupt(client, spawnThatSaid(jobs, words), "Go on.", Map.of("includeEventTail", false)));

        assertThat(two).containsSubsequence("word-28", "word-29").doesNotContain("word-27");
        assertThat(most)
                .containsSubsequence("word-5\n", "word-6\n", "word-29\n")
                .doesNotContain("word-4\n");
        assertThat(none).startsWith("Updated Instructions\nGo on.\n").doesNotContain("word-", "Prior Context");
    }

    private static String resultOf(JobTools jobs, JsonNode answer) {
        String jobId = answer.path("newJobId").asText();
        jobs.awaitEnd(jobId);
        return jobs.result(jobId);
    }

    @Test
    void anEndedJobIsNotRestarted() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String jobId = jobs.spawn("hello", bench.workspace(), "read-only");
        jobs.awaitEnd(jobId);

        JsonNode answer = interrupt(client, jobId, "Go on.", Map.of());

        assertThatJson(answer).isEqualTo("""
                {previousJobId: '%s', previousStatus: 'done', respawned: false, reason: '${json-unit.regex}.*no longer running.*'}
                """.formatted(jobId));
        assertThat(client.call("codex_interrupt", Map.of("jobId", "nobody", "newPrompt", "x"))
                        .text())
                .startsWith("Error in tool \"codex_interrupt\": Unknown jobId \"nobody\"");
    }

    @Test
    void aWorkerThatIsSlowToEndIsReplacedWithAWarning() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String old = spawnThatSaid(jobs, "thinking");

        JsonNode answer = interrupt(client, old, "Go on.", Map.of("waitMs", 0));

        // The old worker may have ended already: both results are right, and must be consistent.
        assertThat(answer.path("respawned").asBoolean()).isTrue();
        assertThat(answer.path("previousStatus").asText()).isIn("running", "canceled");
        assertThat(answer.has("reason"))
                .isEqualTo(answer.path("previousStatus").asText().equals("running"));
        assertThat(jobs.awaitEnd(old).path("status").asText()).isEqualTo("canceled");
        assertThat(resultOf(jobs, answer)).contains("Go on.");
    }

    @Test
    void aJobThatEndsByItselfMeanwhileIsNotRestarted() {
        try (FakeCodex codex = FakeCodex.program(bench.folder("fake"), "finishes-when-asked-to-end", """
                trap 'message "just done"; complete; exit 0' TERM
                begin
                sleep 300 &
                wait
                """)) {
            McpClient client = bench.start(bench.server()
                    .environment(Map.of("CODEX_MCP_CODEX_BIN", codex.program().toString())));
            JobTools jobs = new JobTools(client);
            String jobId = jobs.spawn(Map.of("prompt", "hello"));
            jobs.awaitEvent(
                    jobId,
                    "turn",
                    event -> event.path("content").path("kind").asText().equals("turn.started"));

            JsonNode answer = interrupt(client, jobId, "Go on.", Map.of());

            assertThatJson(answer).isEqualTo("""
                    {previousJobId: '%s', previousStatus: 'done', respawned: false,
                        reason: '${json-unit.regex}The job ended by itself.*'}
                    """.formatted(jobId));
            assertThat(jobs.result(jobId)).isEqualTo("just done");
        }
    }
}

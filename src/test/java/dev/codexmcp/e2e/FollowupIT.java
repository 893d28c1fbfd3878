package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ToolOutput;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that go on with the thread of another. */
class FollowupIT {
    private static final String NOBODY = "01a1ff75-a948-7cb0-84e1-000000000000";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private String spawn(JobTools jobs, String prompt) {
        return jobs.spawn(Map.of(
                "prompt",
                prompt,
                "label",
                "first",
                "sandbox",
                "read-only",
                "reasoningEffort",
                "low",
                "workingDirectory",
                bench.workspace().toString()));
    }

    private static JsonNode followup(McpClient client, Map<String, ?> arguments) {
        ToolOutput answer = client.call("codex_followup", arguments);
        assertThat(answer.isError()).as(answer.text()).isFalse();
        return answer.json();
    }

    private static String error(McpClient client, Map<String, ?> arguments) {
        ToolOutput answer = client.call("codex_followup", arguments);
        assertThat(answer.isError()).as(answer.text()).isTrue();
        return answer.text();
    }

    private static List<String> options(JobTools jobs, String jobId) {
        return JobTools.texts(jobs.eventsSoFar(jobId).get(0).path("content").path("args"));
    }

    /** What the newest request tells the model, in the order said. */
    private String told() {
        List<ModelRequest> requests = bench.model().requests();
        return requests.get(requests.size() - 1).body().path("input").toString();
    }

    @Test
    void aFollowUpKnowsWhatTheFirstWorkerKnewAndKeepsItsOptions() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String first = spawn(jobs, "the number is 42");
        String thread = jobs.awaitEnd(first).path("threadId").asText();

        JsonNode answer = followup(client, Map.of("jobId", first, "prompt", "which number?"));
        String second = answer.path("jobId").asText();
        JsonNode status = jobs.awaitEnd(second);

        assertThatJson(answer).isEqualTo("""
                {jobId: '${json-unit.any-string}', status: 'running', startedAt: '${json-unit.any-string}', label: 'first',
                    parentJobId: '%s', threadId: '%s'}
                """.formatted(first, thread));
        assertThat(told()).containsSubsequence("the number is 42", "the number is 42", "which number?");
        assertThat(options(jobs, second))
                .containsSubsequence(
                        "--sandbox", "read-only", "-C", bench.workspace().toString())
                .containsSubsequence("model_reasoning_effort=\"low\"", "resume", thread, "--", "which number?");
        assertThat(status.path("parentJobId").asText()).isEqualTo(first);
        assertThat(status.path("threadId").asText()).isEqualTo(thread);
        // Each job counts only what it has added, though the CLI reports the sum.
        assertThat(status.path("usage")).isEqualTo(jobs.status(first).path("usage"));
        List<JsonNode> events = jobs.eventsSoFar(second);
        assertThat(events.get(events.size() - 1)
                        .path("content")
                        .path("parentJobId")
                        .asText())
                .isEqualTo(first);
    }

    @Test
    void aForkIsANewThreadAndLeavesTheOldOneUnchanged() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String first = spawn(jobs, "common start");
        String thread = jobs.awaitEnd(first).path("threadId").asText();

        JsonNode answer =
                followup(client, Map.of("threadId", thread, "prompt", "one way", "fork", true, "label", "fork"));
        String fork = answer.path("jobId").asText();
        JsonNode forked = jobs.awaitEnd(fork);
        String other = followup(client, Map.of("jobId", first, "prompt", "other way"))
                .path("jobId")
                .asText();
        jobs.awaitEnd(other);

        assertThat(answer.has("threadId")).isFalse();
        assertThat(answer.path("parentJobId").asText()).isEqualTo(first);
        assertThat(answer.path("label").asText()).isEqualTo("fork");
        assertThat(forked.path("threadId").asText()).isNotEqualTo(thread).hasSize(36);
        assertThat(forked.path("usage")).isEqualTo(jobs.status(first).path("usage"));
        assertThat(told()).containsSubsequence("common start", "other way").doesNotContain("one way");
        assertThat(jobs.status(other).path("threadId").asText()).isEqualTo(thread);
    }

    @Test
    void aThreadInUseIsRefusedWithTheJobThatUsesItUnlessForked() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String running = spawn(
                jobs, ModelScript.script().say("begun").gate("end").say("over").prompt());
        bench.model().gate("end").awaitArrivals(1);
        String thread = jobs.status(running).path("threadId").asText();

        String byJob = error(client, Map.of("jobId", running, "prompt", "go on"));
        String byThread = error(client, Map.of("threadId", thread, "prompt", "go on"));
        String fork = followup(client, Map.of("jobId", running, "prompt", "aside", "fork", true))
                .path("jobId")
                .asText();

        assertThat(List.of(byJob, byThread))
                .allSatisfy(text -> assertThat(text)
                        .startsWith("Error in tool \"codex_followup\": Thread " + thread + " is in use by job "
                                + running + ", which has not ended: wait for it"));
        assertThat(jobs.awaitEnd(fork).path("status").asText()).isEqualTo("done");
        assertThat(jobs.result(fork)).isEqualTo("aside");
        bench.model().gate("end").open();
        assertThat(jobs.awaitEnd(running).path("status").asText()).isEqualTo("done");
    }

    @Test
    void onlyOneOfSeveralConcurrentFollowUpsStarts() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String first = spawn(jobs, "start");
        jobs.awaitEnd(first);
        String held = ModelScript.script().gate("end").say("over").prompt();

        List<McpClient.PendingCall> calls = Stream.generate(
                        () -> client.callAsync("codex_followup", Map.of("jobId", first, "prompt", held)))
                .limit(6)
                .toList();
        List<ToolOutput> answers = calls.stream().map(client::answer).toList();
        bench.model().gate("end").awaitArrivals(1);

        assertThat(answers)
                .filteredOn(ToolOutput::isError)
                .hasSize(5)
                .allSatisfy(answer -> assertThat(answer.text()).contains("is in use by job"));
        bench.model().gate("end").open();
        String started = answers.stream()
                .filter(answer -> !answer.isError())
                .findFirst()
                .orElseThrow()
                .json()
                .path("jobId")
                .asText();
        assertThat(jobs.awaitEnd(started).path("status").asText()).isEqualTo("done");
        assertThat(followup(client, Map.of("jobId", first, "prompt", "again"))
                        .path("status")
                        .asText())
                .isEqualTo("running");
    }

    @Test
    void aFollowUpTakesTheOptionsOfASpawn() {
        McpClient client = bench.start(bench.server().environment(Map.of("CODEX_MCP_MAX_JOBS", "1")));
        JobTools jobs = new JobTools(client);
        String first = spawn(jobs, "start");
        jobs.awaitEnd(first);
        String running =
                spawn(jobs, ModelScript.script().gate("end").say("over").prompt());

        JsonNode queued = followup(
                client,
                Map.of("jobId", first, "prompt", "more", "queue", true, "sandbox", "workspace-write", "label", "next"));
        String second = queued.path("jobId").asText();
        String refused = error(client, Map.of("jobId", first, "prompt", "more"));
        JsonNode interrupted = client.call("codex_interrupt", Map.of("jobId", second, "newPrompt", "other words"))
                .json();
        bench.model().gate("end").open();

        assertThat(queued.path("status").asText()).isEqualTo("queued");
        assertThat(refused).contains("is in use by job " + second);
        assertThat(interrupted.path("newJobId").asText()).isEqualTo(second);
        assertThat(jobs.awaitEnd(second).path("status").asText()).isEqualTo("done");
        assertThat(jobs.result(second)).isEqualTo("other words");
        assertThat(told()).containsSubsequence("start", "other words");
        assertThat(options(jobs, second).isEmpty()).isTrue(); // its first event is about the queue
        assertThat(jobs.eventsSoFar(second)
                        .get(1)
                        .path("content")
                        .path("effectiveSandbox")
                        .asText())
                .isEqualTo("workspace-write");
        jobs.awaitEnd(running);
    }

    @Test
    void eachWrongArgumentHasItsOwnErrorAndStartsNothing() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String first = spawn(jobs, "start");
        jobs.awaitEnd(first);

        assertThat(error(client, Map.of("prompt", "x")))
                .contains("\"jobId\" and \"threadId\": give exactly one of them.");
        assertThat(error(client, Map.of("prompt", "x", "jobId", first, "threadId", NOBODY)))
                .contains("give exactly one of them");
        assertThat(error(client, Map.of("jobId", first))).contains("\"prompt\" is missing");
        assertThat(error(client, Map.of("jobId", first, "prompt", ""))).contains("\"prompt\" is empty");
        assertThat(error(client, Map.of("jobId", "nobody", "prompt", "x"))).contains("Unknown jobId \"nobody\"");
        assertThat(error(client, Map.of("threadId", "--last", "prompt", "x")))
                .contains("\"threadId\" is \"--last\": it must be the id of a thread");
        assertThat(error(client, Map.of("threadId", NOBODY, "prompt", "x")))
                .contains("\"threadId\" is \"" + NOBODY + "\": there is no such thread in "
                        + bench.home().directory().resolve("sessions"));
        assertThat(error(client, Map.of("jobId", first, "prompt", "x", "sandbox", "none")))
                .contains("\"sandbox\" is \"none\": it must be one of");
        assertThat(error(client, Map.of("jobId", first, "prompt", "x", "images", List.of("none.png"))))
                .contains("\"images[0]\" is \"none.png\"");
        assertThat(client.call("codex_list", Map.of()).json().path("jobs")).hasSize(1);
    }
}

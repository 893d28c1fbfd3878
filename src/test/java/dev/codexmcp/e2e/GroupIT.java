package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ToolOutput;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several workers started in one call. */
class GroupIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private static JsonNode group(McpClient client, Map<String, ?> arguments) {
        return client.call("codex_spawn_group", arguments).json().path("results");
    }

    private static JsonNode spawned(JobTools jobs, JsonNode result) {
        return jobs.eventsSoFar(result.path("jobId").asText()).get(0).path("content");
    }

    @Test
    void defaultsApplyToOmittedOptions() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String workspace = bench.workspace().toString();
        String other = bench.folder("other").toString();

        JsonNode results = group(
                client,
                Map.of(
                        "jobs",
                        List.of(
                                Map.of("prompt", "one", "label", "first"),
                                Map.of("prompt", "two", "sandbox", "workspace-write", "workingDirectory", other),
                                Map.of("prompt", "three", "model", "gpt-6-sol", "reasoningEffort", "low"),
                                Map.of("prompt", "four", "fullAuto", false)),
                        "defaults",
                        Map.of(
                                "model", "gpt-5.5",
                                "reasoningEffort", "high",
                                "sandbox", "read-only",
                                "workingDirectory", workspace)));

        assertThatJson(results).isEqualTo("""
                [
                  {jobId: '${json-unit.any-string}', status: 'running', startedAt: '${json-unit.any-string}', label: 'first'},
                  {jobId: '${json-unit.any-string}', status: 'running', startedAt: '${json-unit.any-string}'},
                  {jobId: '${json-unit.any-string}', status: 'running', startedAt: '${json-unit.any-string}'},
                  {jobId: '${json-unit.any-string}', status: 'running', startedAt: '${json-unit.any-string}'}
                ]""");
        assertThat(JobTools.texts(spawned(jobs, results.get(0)).path("args")))
                .containsExactly(
                        "exec",
                        "--json",
                        "--model",
                        "gpt-5.5",
                        "-c",
                        "model_reasoning_effort=\"high\"",
                        "--sandbox",
                        "read-only",
                        "-C",
                        workspace,
                        "--skip-git-repo-check",
                        "--",
                        "one");
        assertThat(JobTools.texts(spawned(jobs, results.get(1)).path("args")))
                .containsSubsequence("gpt-5.5", "--sandbox", "workspace-write", "-C", other);
        assertThat(JobTools.texts(spawned(jobs, results.get(2)).path("args")))
                .containsSubsequence("gpt-6-sol", "model_reasoning_effort=\"low\"", "read-only", workspace);
        assertThat(spawned(jobs, results.get(3)).path("effectiveSandbox").asText())
                .isEqualTo("read-only");
        for (int i = 0; i < 4; i++) {
            jobs.awaitEnd(results.get(i).path("jobId").asText());
            assertThat(jobs.result(results.get(i).path("jobId").asText()))
                    .isEqualTo(List.of("one", "two", "three", "four").get(i));
        }
    }

    @Test
    void anErrorInOneEntryDoesNotAffectTheOthers() {
        McpClient client = bench.start(bench.server().environment(Map.of("CODEX_MCP_MAX_JOBS", "2")));
        JobTools jobs = new JobTools(client);
        String held = ModelScript.script().gate("end").say("done").prompt();

        JsonNode results = group(
                client,
                Map.of(
                        "jobs",
                        List.of(
                                Map.of("label", "no prompt"),
                                Map.of("prompt", held, "label", "a"),
                                Map.of("prompt", held, "workingDirectory", "/no/such/folder"),
                                Map.of("prompt", held, "sandbox", "wide-open", "label", "open"),
                                Map.of("prompt", held, "label", "b"),
                                Map.of("prompt", held, "label", "past the cap"))));
        bench.model().gate("end").open();

        assertThatJson(results).isEqualTo("""
                [
                  {error: '${json-unit.regex}"jobs\\\\[0\\\\]\\\\.prompt" is missing.*', label: 'no prompt'},
                  {jobId: '${json-unit.any-string}', status: 'running', startedAt: '${json-unit.any-string}', label: 'a'},
                  {error: '${json-unit.regex}"jobs\\\\[2\\\\]\\\\.workingDirectory" is "/no/such/folder".*'},
                  {error: '${json-unit.regex}"jobs\\\\[3\\\\]\\\\.sandbox" is "wide-open".*', label: 'open'},
                  {jobId: '${json-unit.any-string}', status: 'running', startedAt: '${json-unit.any-string}', label: 'b'},
                  {error: '${json-unit.regex}.*2 jobs are running.*CODEX_MCP_MAX_JOBS.*', label: 'past the cap'}
                ]""");
        for (int i : new int[] {1, 4}) {
            String jobId = results.get(i).path("jobId").asText();
            assertThat(jobs.awaitEnd(jobId).path("status").asText()).isEqualTo("done");
        }
    }

    @Test
    void aHandshakeIsTheFirstPageOfEachJobsEvents() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        List<Map<String, String>> two = List.of(Map.of("prompt", "one"), Map.of("prompt", "two", "label", "second"));

        JsonNode few = group(client, Map.of("jobs", two, "includeHandshake", true, "handshakeMaxEvents", 1));
        JsonNode many = group(client, Map.of("jobs", two, "includeHandshake", true, "handshakeMaxEvents", 1000));

        assertThat(few).allSatisfy(result -> {
            JsonNode handshake = result.path("handshake");
            List<JsonNode> all = jobs.eventsToTheEnd(result.path("jobId").asText());
            assertThat(handshake.path("events")).containsExactly(all.get(0));
            assertThat(handshake.path("nextCursor").asText()).isEqualTo("1");
            assertThat(handshake.path("done").asBoolean()).isFalse();
            List<JsonNode> rest = jobs.events(Map.of(
                    "jobId",
                    result.path("jobId").asText(),
                    "cursor",
                    handshake.path("nextCursor").asText()));
            assertThat(rest).isEqualTo(all.subList(1, all.size()));
        });
        assertThat(many)
                .allSatisfy(result -> assertThat(result.path("handshake").path("events"))
                        .hasSizeBetween(1, 25)
                        .first()
                        .isEqualTo(
                                jobs.eventsSoFar(result.path("jobId").asText()).get(0)));
    }

    @Test
    void anEmptyGroupIsRefused() {
        McpClient client = bench.start();

        ToolOutput none = client.call("codex_spawn_group", Map.of("jobs", List.of()));
        ToolOutput missing = client.call("codex_spawn_group", Collections.singletonMap("jobs", null));
        ToolOutput wrongDefault = client.call(
                "codex_spawn_group",
                Map.of("jobs", List.of(Map.of("prompt", "x")), "defaults", Map.of("sandbox", "wide-open")));

        assertThat(List.of(none, missing, wrongDefault)).allMatch(ToolOutput::isError);
        assertThat(none.text()).startsWith("Error in tool \"codex_spawn_group\": \"jobs\" is an empty list");
        assertThat(missing.text()).startsWith("Error in tool \"codex_spawn_group\": \"jobs\" is missing");
        assertThat(wrongDefault.text()).contains("\"defaults.sandbox\" is \"wide-open\"");
    }
}

package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.ToolOutput;
import io.modelcontextprotocol.json.schema.jackson2.DefaultJsonSchemaValidator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The form of results: structured ones match their schema, long ones fit their host, odd arguments are accepted. */
class AnswersIT {

    /** The limit of a page without maxEvents and maxBytes, in bytes. */
    private static final int PAGE_BYTES = 32 * 1024;

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @Test
    void smallResultsCarryTheSameObjectAsTextAndAsStructuredContentThatMatchesItsSchema() {
        McpClient client = bench.start();
        Map<String, JsonNode> schemas = outputSchemas(client);
        String stall = ModelScript.script().stall().prompt();
        List<ToolOutput> plain = new ArrayList<>();
        Map<String, List<ToolOutput>> answers = new LinkedHashMap<>();

        ToolOutput spawned = client.call("codex_spawn", Map.of("prompt", stall, "label", "x"));
        String running = spawned.json().path("jobId").asText();
        ToolOutput group = client.call(
                "codex_spawn_group",
                Map.of("jobs", List.of(Map.of("prompt", "hello"), Map.of("label", "y")), "includeHandshake", true));
        String brief = group.json().path("results").path(0).path("jobId").asText();
        ToolOutput runningStatus = client.call("codex_status", Map.of("jobId", running));
        ToolOutput look = client.call("codex_wait_any", Map.of("jobIds", List.of(running)));
        ToolOutput wait = client.call("codex_wait_any", Map.of("jobIds", List.of(brief, "?"), "timeoutMs", 60_000));
        ToolOutput nobody = client.call("codex_wait_any", Map.of("jobIds", List.of("?"), "timeoutMs", 60_000));
        ToolOutput interrupted =
                client.call("codex_interrupt", Map.of("jobId", running, "newPrompt", stall, "waitMs", 60_000));
        ToolOutput refused = client.call("codex_interrupt", Map.of("jobId", brief, "newPrompt", "x"));
        ToolOutput cancelled = client.call(
                "codex_cancel",
                Map.of("jobId", interrupted.json().path("newJobId").asText()));
        ToolOutput tooLate = client.call("codex_cancel", Map.of("jobId", brief));
        answers.put("codex_spawn", List.of(spawned));
        answers.put("codex_spawn_group", List.of(group));
        answers.put(
                "codex_status",
                List.of(
                        runningStatus,
                        client.call("codex_status", Map.of("jobId", brief)),
                        client.call("codex_status", Map.of("jobId", running))));
        answers.put("codex_wait_any", List.of(look, wait, nobody));
        answers.put("codex_list", List.of(client.call("codex_list", Map.of())));
        answers.put("codex_wait", List.of(client.call("codex_wait", Map.of("timeoutMs", 0, "since", 0))));
        answers.put("codex_interrupt", List.of(interrupted, refused));
        answers.put("codex_cancel", List.of(cancelled, tooLate));
        plain.add(client.call("codex_events", Map.of("jobId", brief)));
        plain.add(client.call("codex_result", Map.of("jobId", brief)));
        plain.add(client.call("codex_result", Map.of("jobId", brief, "view", "full")));
        plain.add(client.call("codex_status", Map.of("jobId", "?")));

        assertThat(schemas.keySet())
                .containsExactlyInAnyOrder(
                        "codex_spawn",
                        "codex_spawn_group",
                        "codex_list",
                        "codex_status",
                        "codex_wait",
                        "codex_wait_any",
                        "codex_interrupt",
                        "codex_cancel",
                        "codex_followup",
                        "codex_changes",
                        "codex_restore",
                        "codex_worktree",
                        "listSessions");
        answers.forEach((tool, results) -> assertThat(results).allSatisfy(result -> {
            assertThat(result.structured()).isEqualTo(result.json());
            assertMatches(schemas.get(tool), result.structured());
        }));
        assertThat(plain).allMatch(result -> result.structured().isMissingNode());
        assertThat(plain.get(3).isError()).isTrue();
        assertThat(List.of(look.text(), nobody.text()))
                .containsExactly(
                        "{\"completedJobId\":null,\"timedOut\":true}",
                        "{\"completedJobId\":null,\"timedOut\":false,\"missingJobIds\":[\"?\"]}");
    }

    @Test
    void theListOfSessionsIsStructuredAndAnEmptyOneIsText() {
        McpClient client = bench.start();
        JsonNode schema = outputSchemas(client).get("listSessions");

        ToolOutput none = client.call("listSessions", Map.of());
        client.call("codex", Map.of("prompt", "hello", "sessionId", "talk"));
        ToolOutput one = client.call("listSessions", Map.of());

        assertThat(none.text()).isEqualTo("No active sessions");
        assertThat(none.structured()).isEqualTo(TestJson.parse("{\"sessions\":[]}"));
        assertThat(one.structured().path("sessions")).isEqualTo(one.json());
        assertMatches(schema, none.structured());
        assertMatches(schema, one.structured());
    }

    private static Map<String, JsonNode> outputSchemas(McpClient client) {
        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        for (JsonNode tool :
                client.request("tools/list", TestJson.object()).path("result").path("tools")) {
            if (tool.has("outputSchema")) {
                schemas.put(tool.path("name").asText(), tool.path("outputSchema"));
            }
        }
        return schemas;
    }

    private static void assertMatches(@Nullable JsonNode schema, JsonNode object) {
        Map<String, Object> schemaMap = TestJson.MAPPER.convertValue(schema, new TypeReference<>() {});
        var response = new DefaultJsonSchemaValidator(TestJson.MAPPER).validate(schemaMap, object.toString());
        assertThat(response.valid()).as(object + ": " + response.errorMessage()).isTrue();
    }

    @Test
    void aPageOfDefaultSizeFitsItsHostAndCutsLongTextsWithANote() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String text = "é\"\n".repeat(20_000);
        String jobId = jobs.spawn(
                ModelScript.script().say("before").say(text).say("after").prompt(), bench.workspace(), "read-only");
        jobs.awaitEnd(jobId);

        List<ToolOutput> pages = new ArrayList<>();
        String cursor = "0";
        do {
            pages.add(client.call("codex_events", Map.of("jobId", jobId, "cursor", cursor)));
            cursor = pages.get(pages.size() - 1).json().path("nextCursor").asText();
        } while (!pages.get(pages.size() - 1).json().path("done").asBoolean());
        List<JsonNode> whole = jobs.events(Map.of("jobId", jobId, "maxEvents", 2000));
        List<JsonNode> inPages = new ArrayList<>();
        pages.forEach(page -> page.json().path("events").forEach(inPages::add));

        assertThat(pages)
                .hasSizeGreaterThan(2)
                .allSatisfy(page -> assertThat(page.text().getBytes(StandardCharsets.UTF_8).length)
                        .isLessThanOrEqualTo(PAGE_BYTES));
        assertThat(inPages).hasSameSizeAs(whole);
        int cut = 0;
        for (int i = 0; i < whole.size(); i++) {
            if (whole.get(i).toString().getBytes(StandardCharsets.UTF_8).length < PAGE_BYTES - 100) {
                assertThat(inPages.get(i)).isEqualTo(whole.get(i));
            } else {
                assertThat(inPages.get(i).toString())
                        .contains(
                                "characters are missing", "codex_events with cursor \\\"" + i + "\\\" and maxEvents 1");
                cut++;
            }
        }
        assertThat(cut).as("long texts: one message").isEqualTo(1);
        assertThat(whole)
                .anyMatch(event -> event.path("content").path("text").asText().equals(text));
        assertThat(jobs.result(jobId)).isEqualTo("after");
    }

    @Test
    void argumentsAreAcceptedAsByTheOriginal() {
        McpClient client = bench.start();
        Map<String, Object> odd = new LinkedHashMap<>();
        odd.put("prompt", "hello");
        odd.put("model", null);
        odd.put("sandbox", null);
        odd.put("label", null);
        odd.put("fullAuto", null);
        odd.put("colour", "green");
        String jobId = new JobTools(client).spawn(odd);

        JsonNode wait = client.call("codex_wait_any", Map.of("jobIds", List.of(jobId), "timeoutMs", 60_000.0))
                .json();
        JsonNode page = client.call("codex_events", Map.of("jobId", jobId, "maxEvents", 2.0, "cursor", "0"))
                .json();
        ToolOutput half = client.call("codex_events", Map.of("jobId", jobId, "maxEvents", 2.5));
        ToolOutput word = client.call("codex_wait_any", Map.of("jobIds", List.of(jobId), "timeoutMs", "soon"));

        assertThat(wait.path("completedJobId").asText()).isEqualTo(jobId);
        assertThat(page.path("events")).hasSize(2);
        assertThat(page.path("events")
                        .path(0)
                        .path("content")
                        .path("effectiveSandbox")
                        .asText())
                .isEqualTo("workspace-write");
        assertThat(half.text())
                .isEqualTo(
                        "Error in tool \"codex_events\": \"maxEvents\" is 2.5: it must be a whole number from 1 to 2000.");
        assertThat(word.text())
                .startsWith(
                        "Error in tool \"codex_wait_any\": \"timeoutMs\" is \"soon\": it must be a whole number from 0");
        assertThat(List.of(half, word)).allMatch(ToolOutput::isError);
    }

    @Test
    void theFullResultHoldsTheTailsOfBothStreams() {
        JobTools jobs = new JobTools(bench.start());
        String jobId = jobs.spawn("hello", bench.workspace(), "read-only");
        jobs.awaitEnd(jobId);

        JsonNode full = jobs.fullResult(jobId);

        assertThat(full.path("finalMessage").asText()).isEqualTo("hello");
        assertThat(full.path("stdoutTail").asText().lines().map(TestJson::parse))
                .extracting(line -> line.path("type").asText())
                .containsExactly("thread.started", "turn.started", "item.completed", "turn.completed");
        assertThat(full.path("stderrTail").isTextual()).isTrue();
    }
}

package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.ToolOutput;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tools that wait for their worker answer before the host gives up, and lose nothing. */
class AnswerInTimeIT {
    /** Waits at the gate if the prompt says so. */
    private static final String HOLDS = """
            for prompt; do :; done
            begin
            case $prompt in
            *hold*) pass_gate ;;
            esac
            case $prompt in
            long) message "$(printf '%020000d' 0)" ;;
            *) message "did it" ;;
            esac
            complete
            """;

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private McpClient start(FakeCodex fake, Map<String, String> environment) {
        return bench.start(bench.server()
                .environment(Map.of(
                        "CODEX_MCP_CODEX_BIN", fake.program().toAbsolutePath().toString()))
                .environment(environment));
    }

    private static String jobId(ToolOutput answer) {
        assertThat(answer.isError()).isFalse();
        assertThat(answer.text()).startsWith("Still running, and a call may take at most 300 ms.");
        String jobId = answer.result().path("_meta").path("jobId").asText();
        assertThat(answer.text()).contains("codex_wait with jobIds [\"" + jobId + "\"]");
        return jobId;
    }

    private static String result(McpClient client, String jobId) {
        JobTools jobs = new JobTools(client);
        jobs.awaitEnd(jobId);
        return jobs.result(jobId);
    }

    @ParameterizedTest
    @CsvSource({"codex, prompt, hold on", "review, prompt, hold on", "websearch, query, hold on"})
    void aCallThatWouldTakeTooLongIsAnsweredAndItsWorkContinues(String tool, String argument, String value) {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "holds", HOLDS)) {
            McpClient client = start(fake, Map.of("CODEX_MCP_MAX_WAIT_MS", "300"));

            String jobId = jobId(client.call(tool, Map.of(argument, value)));
            JsonNode list = client.call("codex_list", Map.of()).json();
            fake.gate().open();
            String message = result(client, jobId);

            assertThat(list.path("permits").path("used").asInt()).isEqualTo(1);
            assertThat(list.path("jobs").path(0).path("jobId").asText()).isEqualTo(jobId);
            assertThat(message).isEqualTo("did it");
        }
    }

    @Test
    void aCallThatIsAnsweredInTimeLeavesNoJob() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "holds", HOLDS)) {
            McpClient client = start(fake, Map.of("CODEX_MCP_MAX_WAIT_MS", "60000"));

            assertThat(client.call("codex", Map.of("prompt", "go")).text()).isEqualTo("did it");
            assertThat(client.call("codex_list", Map.of()).json().path("jobs")).isEmpty();
        }
    }

    @Test
    void aTurnThatWaitsTooLongForTheOneBeforeIsNotTaken() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "holds", HOLDS)) {
            McpClient client = start(fake, Map.of("CODEX_MCP_MAX_WAIT_MS", "300"));
            String running = jobId(client.call("codex", Map.of("prompt", "hold on", "sessionId", "talk")));

            ToolOutput refused = client.call("codex", Map.of("prompt", "go", "sessionId", "talk"));
            fake.gate().open();
            result(client, running);
            ToolOutput next = client.call("codex", Map.of("prompt", "go", "sessionId", "talk"));

            assertThat(next.text()).isEqualTo("did it");
            assertThat(refused.isError()).isTrue();
            assertThat(refused.text())
                    .isEqualTo(
                            "Error in tool \"codex\": The session \"talk\" is busy with an earlier turn, and a call may"
                                    + " take at most 300 ms. This turn has not been started: call again.");
        }
    }

    @Test
    void aMessageThatTheHostWouldCutComesInParts() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "holds", HOLDS)) {
            McpClient client = start(fake, Map.of());
            ObjectNode cline = TestJson.object().put("protocolVersion", "2025-06-18");
            cline.putObject("clientInfo").put("name", "@cline/core").put("version", "0.0.0");
            client.request("initialize", cline);

            String first = client.call("codex", Map.of("prompt", "long")).text();
            List<String> named = List.of(first.split("\"", -1));
            String second = client.call("codex_result", Map.of("jobId", named.get(1), "cursor", named.get(3)))
                    .text();

            assertThat(first.length()).isBetween(7000, 7168);
            assertThat(first)
                    .startsWith("[Characters 0 to " + named.get(3) + " of 20000; continue with codex_result, ");
            assertThat(second).startsWith("[Characters " + named.get(3) + " to ");
        }
    }
}

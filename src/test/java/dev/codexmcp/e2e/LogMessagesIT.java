package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.TestJson;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages about jobs that need attention, to a client that has set a level. */
class LogMessagesIT {
    /** What the CLI prints when the provider answers 429; then waits at the gate. */
    private static final String LIMITED = """
            begin
            say '{"type":"error","message":"Reconnecting... 1/5 (exceeded retry limit, last status: 429 Too Many Requests)"}'
            pass_gate
            message "at last"
            complete
            """;

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private McpClient start(FakeCodex fake) {
        return bench.start(bench.server()
                .directory(bench.workspace())
                .environment(Map.of(
                        "CODEX_MCP_CODEX_BIN", fake.program().toAbsolutePath().toString())));
    }

    @Test
    void aJobThatNeedsAttentionIsReportedWhileItRuns() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "limited", LIMITED)) {
            McpClient client = start(fake);
            client.request("logging/setLevel", TestJson.parse("{\"level\":\"warning\"}"));
            JobTools jobs = new JobTools(client);

            String job = jobs.spawn(Map.of("prompt", "go", "label", "limited"));
            JsonNode message = client.awaitMessage(
                    "warning", each -> each.path("method").asText().equals("notifications/message"));
            fake.gate().open();
            jobs.awaitEnd(job);

            assertThatJson(message.path("params")).isEqualTo("""
                    {
                      level: 'warning',
                      logger: 'jobs',
                      data: {
                        message: 'Job %s (limited) needs attention: rate_limited',
                        jobId: '%s',
                        label: 'limited',
                        status: 'running',
                        attention: ['rate_limited']
                      }
                    }""".formatted(job, job));
            assertThat(client.notifications("notifications/message")).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"level\":null}", "{\"level\":3}", "{\"level\":[\"info\"]}", "{\"level\":\"INFO\"}"})
    void unknownLevelsAreRefused(String params) {
        McpClient client = bench.start();

        JsonNode error =
                client.request("logging/setLevel", TestJson.parse(params)).path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asText()).startsWith("\"level\" must be one of debug, info,");
    }
}

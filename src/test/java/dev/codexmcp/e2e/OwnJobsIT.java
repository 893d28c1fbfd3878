package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.CodexRun;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.TestJson;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A boss sees which jobs it has started itself. */
class OwnJobsIT {
    private static final String SERVER = "codex-mcp-server";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private static JsonNode call(McpClient client, String thread, String tool, Map<String, ?> arguments) {
        ObjectNode params = TestJson.object().put("name", tool);
        params.set("arguments", TestJson.MAPPER.valueToTree(arguments));
        if (!thread.isEmpty()) {
            params.putObject("_meta").put("threadId", thread);
        }
        return client.request("tools/call", params).path("result").path("structuredContent");
    }

    private static Stream<String> labels(McpClient client, String thread, Map<String, ?> arguments) {
        return StreamSupport.stream(
                        call(client, thread, "codex_list", arguments)
                                .path("jobs")
                                .spliterator(),
                        false)
                .map(row -> row.path("label").asText());
    }

    @Test
    void eachConversationSeesItsOwnJobs() {
        McpClient client = bench.start();
        Map<String, Object> worker =
                Map.of("prompt", "hello", "workingDirectory", bench.workspace().toString());
        String one = call(client, "one", "codex_spawn", Map.of("prompt", "hello", "label", "of one"))
                .path("jobId")
                .asText();
        call(
                client,
                "two",
                "codex_spawn_group",
                Map.of(
                        "defaults",
                        worker,
                        "jobs",
                        List.of(
                                Map.of("prompt", "a", "label", "of two"),
                                Map.of("prompt", "b", "label", "of two also"))));
        call(client, "", "codex_spawn", Map.of("prompt", "hello", "label", "of nobody"));
        call(client, "", "codex_wait", Map.of());
        call(client, "two", "codex_followup", Map.of("jobId", one, "prompt", "go on", "label", "of two later"));
        Map<String, ?> mine = Map.of("mine", true);

        assertThat(labels(client, "one", mine)).containsExactly("of one");
        assertThat(labels(client, "two", mine)).containsExactlyInAnyOrder("of two", "of two also", "of two later");
        assertThat(labels(client, "", mine)).containsExactly("of nobody");
        assertThat(labels(client, "three", mine)).isEmpty();
        assertThat(labels(client, "one", Map.of())).hasSize(5);
        assertThat(client.call("help", Map.of("topic", "jobs")).text()).contains("codex_list with mine");
    }

    @Test
    void codexSaysWhoCalls() {
        bench.newHome()
                .mcpServer(SERVER, EndToEndFixture.command(), bench.environment(CliVariant.NPM))
                .create();
        String prompt = ModelScript.script()
                .as("job")
                .mcp(
                        SERVER,
                        "codex_spawn",
                        Map.of(
                                "prompt",
                                "hello",
                                "label",
                                "own",
                                "workingDirectory",
                                bench.workspace().toString()))
                .mcp(SERVER, "codex_wait", Map.of())
                .as("mine")
                .mcp(SERVER, "codex_list", Map.of("mine", true))
                .say("{{mine.jobs}}")
                .prompt();

        CodexRun run =
                CodexRun.exec(CliVariant.NPM.path(), bench.environment(CliVariant.NPM), bench.workspace(), prompt);

        assertThat(run.completed("agent_message"))
                .singleElement()
                .extracting(message -> message.path("text").asText())
                .asString()
                .as(run.stderr())
                .contains("\"label\":\"own\"");
    }
}

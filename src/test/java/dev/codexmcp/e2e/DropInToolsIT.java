package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ToolOutput;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The small tools. */
class DropInToolsIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @Test
    void aSearchPassesItsArgumentsOnAndMaySearchTheLiveWeb() {
        McpClient client = bench.start();

        ToolOutput brief = client.call("websearch", Map.of("query", "java mcp \"sdk\""));
        ToolOutput full =
                client.call("websearch", Map.of("query", "java mcp sdk", "numResults", 3, "searchDepth", "full"));

        assertThat(brief.text())
                .startsWith("Search the web for: java mcp \"sdk\"\n")
                .contains("up to 10 findings");
        assertThat(full.text()).contains("up to 3 findings", "Open and read the pages");
        List<Boolean> live = bench.model().requests().stream()
                .flatMap(request -> request.body().path("tools").valueStream())
                .filter(tool -> tool.path("type").asText().equals("web_search"))
                .map(tool -> tool.path("external_web_access").asBoolean())
                .toList();
        assertThat(live).containsExactly(true, true);
    }

    @Test
    void aFailedSearchIsAnErrorAndWritesNothing() {
        McpClient client =
                bench.start(bench.server().environment(Map.of("CODEX_MCP_DEFAULT_SANDBOX", "danger-full-access")));
        String failing = ModelScript.script().fail("no network").prompt();
        String writing = ModelScript.script()
                .as("touch")
                .shell("touch new.txt || echo denied")
                .say("{{touch}}")
                .prompt();

        ToolOutput failed = client.call("websearch", Map.of("query", "\n" + failing + "\n"));
        ToolOutput denied = client.call("websearch", Map.of("query", "\n" + writing + "\n"));
        ToolOutput wrong = client.call("websearch", Map.of("query", "x", "numResults", 51));

        assertThat(failed.isError()).isTrue();
        assertThat(failed.text()).startsWith("Error in tool \"websearch\": ").contains("no network");
        assertThat(denied.text()).contains("denied");
        assertThat(wrong.text())
                .isEqualTo(
                        "Error in tool \"websearch\": \"numResults\" is 51: it must be a whole number from 1 to 50.");
    }

    @Test
    void helpReturnsTheHelpOfTheCli() {
        McpClient client = bench.start();

        ToolOutput help = client.call("help", Map.of());

        assertThat(help.isError()).isFalse();
        assertThat(help.text()).contains("Usage: codex", "exec", "--sandbox");
        assertThat(bench.model().requests()).extracting(ModelRequest::prompt).isEmpty();
    }

    @Test
    void pingReturnsItsMessage() {
        McpClient client = bench.start();

        assertThat(client.call("ping", Map.of()).text()).isEqualTo("pong");
        assertThat(client.call("ping", Map.of("message", "grüß dich 🚀")).text())
                .isEqualTo("grüß dich 🚀");
        assertThat(client.call("no_such_tool", Map.of()).text()).startsWith("Error in tool \"no_such_tool\": ");
    }
}

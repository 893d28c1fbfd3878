package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.ToolOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The options that few workers need, each with the effect that it has on the real CLI. */
class OptionsIT {
    /** The sandbox lets commands write to the temporary folders, and this clone may lie in one of them. */
    private static final String WORKSPACE_ALONE = """
            [sandbox_workspace_write]
            exclude_slash_tmp = true
            exclude_tmpdir_env_var = true
            """;

    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static final Map<String, ?> SCHEMA = Map.of(
            "type",
            "object",
            "properties",
            Map.of("n", Map.of("type", "integer")),
            "required",
            List.of("n"),
            "additionalProperties",
            false);

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private Map<String, Object> with(String prompt, Map<String, ?> more) {
        Map<String, Object> arguments = new LinkedHashMap<>(more);
        arguments.put("prompt", prompt);
        arguments.putIfAbsent("workingDirectory", bench.workspace().toString());
        return arguments;
    }

    private String run(McpClient client, String prompt, Map<String, ?> more) {
        JobTools jobs = new JobTools(client);
        String jobId = jobs.spawn(with(prompt, more));
        assertThat(jobs.awaitEnd(jobId).path("status").asText())
                .as(() -> jobs.fullResult(jobId).toString())
                .isEqualTo("done");
        return jobId;
    }

    private ModelRequest lastRequest() {
        List<ModelRequest> requests = bench.model().requests();
        return requests.get(requests.size() - 1);
    }

    private String error(McpClient client, Map<String, ?> option) {
        ToolOutput answer = client.call("codex_spawn", with("hello", option));
        assertThat(answer.isError()).isTrue();
        return answer.text();
    }

    @Test
    void anImageReachesTheModelWhateverItsName() throws IOException {
        McpClient client = bench.start();
        Path dashed = Files.write(bench.workspace().resolve("-i a \"é\".png"), PNG);
        Path other = Files.write(bench.folder("images").resolve("b.png"), PNG);

        run(client, "look", Map.of("images", List.of("-i a \"é\".png", other.toString())));

        String input = lastRequest().body().path("input").toString();
        assertThat(input.split("\"input_image\"", -1)).hasSize(3);
        assertThat(input).contains("data:image/png;base64,").contains("look");
        assertThat(dashed).exists();
    }

    @Test
    void aWorkerWritesInAnAddedFolderAndInNoOther() {
        bench.newHome().config(WORKSPACE_ALONE).create();
        McpClient client = bench.start();
        Path added = bench.folder("added here");
        Path other = bench.folder("other");
        String prompt = ModelScript.script()
                .shell("touch '" + added + "/file'; touch '" + other + "/file' || echo denied")
                .say("done")
                .prompt();

        run(client, prompt, Map.of("sandbox", "workspace-write", "addDirs", List.of("../added here")));

        assertThat(added.resolve("file")).exists();
        assertThat(other.resolve("file")).doesNotExist();
    }

    @Test
    void aProfileDecidesWhatItsFileSays() throws IOException {
        Files.writeString(bench.home().directory().resolve("careful.config.toml"), "model = \"gpt-6-careful\"\n");
        McpClient client = bench.start();

        run(client, "hello", Map.of("profile", "careful"));

        assertThat(lastRequest().model()).isEqualTo("gpt-6-careful");
    }

    @Test
    void theFinalMessageHasTheShapeAskedFor() {
        McpClient client = bench.start();

        String right = run(client, ModelScript.script().say("{\"n\": 7}").prompt(), Map.of("outputSchema", SCHEMA));
        JsonNode format = lastRequest().body().path("text").path("format");
        String text = TestJson.MAPPER.valueToTree(SCHEMA).toString();
        String wrong = run(client, ModelScript.script().say("{\"n\": \"x\"}").prompt(), Map.of("outputSchema", text));

        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThatJson(format.path("schema")).isEqualTo(SCHEMA);
        ToolOutput answer = client.call("codex_result", Map.of("jobId", right));
        assertThat(answer.text()).isEqualTo("{\"n\": 7}");
        assertThatJson(answer.result().path("structuredContent")).isEqualTo("{n: 7}");
        ToolOutput complaint = client.call("codex_result", Map.of("jobId", wrong));
        assertThat(complaint.text())
                .isEqualTo("{\"n\": \"x\"}\n\n"
                        + "[The message does not match the outputSchema: $.n is \"x\", not integer.]");
        assertThat(complaint.result().has("structuredContent")).isFalse();
    }

    @Test
    void commandsReachTheNetworkOnlyIfAllowed() {
        McpClient client = bench.start();
        String prompt = ModelScript.script()
                .as("tried")
                .shell("bash -c 'exec 3<>/dev/tcp/127.0.0.1/"
                        + bench.model().baseUrl().getPort() + "' 2>/dev/null && echo open || echo closed")
                .say("{{$tried}}")
                .prompt();
        JobTools jobs = new JobTools(client);

        String allowed = run(client, prompt, Map.of("sandbox", "workspace-write", "network", true));
        String denied = run(client, prompt, Map.of("sandbox", "workspace-write", "network", false));

        assertThat(jobs.result(allowed)).isEqualTo("open");
        assertThat(jobs.result(denied)).isEqualTo("closed");
    }

    @Test
    void theModelSearchesTheLiveWebOnlyIfAllowed() {
        McpClient client = bench.start();

        run(client, "hello", Map.of("webSearch", true));
        JsonNode live = lastRequest().body().path("tools");
        run(client, "hello", Map.of("webSearch", false));
        JsonNode off = lastRequest().body().path("tools");

        assertThatJson(live)
                .isArray()
                .anySatisfy(tool -> assertThatJson(tool)
                        .isObject()
                        .containsEntry("type", "web_search")
                        .containsEntry("external_web_access", true));
        assertThat(off.toString()).doesNotContain("web_search");
    }

    @Test
    void aWorkerCanDoWithoutTheConfiguredServers() throws IOException {
        Path started = bench.folder("started");
        String script = "touch '" + started + "/'$1; exec cat > /dev/null";
        Path project = bench.folder("project é");
        Files.createDirectories(project.resolve(".codex"));
        Files.createDirectories(project.resolve(".git"));
        Files.writeString(project.resolve(".codex/config.toml"), """
                [mcp_servers.third]
                command = "sh"
                args = ["-c", "touch '%s/third'; exec cat > /dev/null"]
                """.formatted(started));
        bench.newHome().config("""
                        [mcp_servers.one]
                        command = "sh"
                        args = ["-c", "%1$s", "sh", "one"]

                        [mcp_servers."dotted.two"]
                        command = "sh"
                        args = ["-c", "%1$s", "sh", "two"]

                        [projects."%2$s"]
                        trust_level = "trusted"
                        """.formatted(script, project)).create();
        McpClient client = bench.start();

        run(client, "hello", Map.of("workingDirectory", project.toString(), "mcpServers", "none"));
        List<String> without = names(started);
        run(client, "hello", Map.of("workingDirectory", project.toString(), "mcpServers", "inherit"));

        assertThat(without).isEmpty();
        assertThat(names(started)).containsExactlyInAnyOrder("one", "two", "third");
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void eachWrongValueHasItsOwnErrorAndStartsNothing() throws IOException {
        Files.writeString(bench.home().directory().resolve("careful.config.toml"), "");
        Files.write(bench.workspace().resolve("a,b.png"), PNG);
        McpClient client = bench.start();
        Path workspace = bench.workspace();

        assertThat(error(client, Map.of("images", List.of("nowhere.png"))))
                .isEqualTo(
                        "Error in tool \"codex_spawn\": \"images[0]\" is \"nowhere.png\": it must be an existing, readable "
                                + "file. Relative paths start from " + workspace + ".");
        assertThat(error(client, Map.of("images", List.of(workspace.toString()))))
                .contains("\"images[0]\" is");
        assertThat(error(client, Map.of("images", List.of("a,b.png")))).contains("takes no path with a comma");
        assertThat(error(client, Map.of("images", "a.png"))).contains("\"images\" is \"a.png\": it must be a list");
        assertThat(error(client, Map.of("addDirs", List.of(".", "nowhere"))))
                .contains("\"addDirs[1]\" is \"nowhere\": it must be an existing folder.");
        assertThat(error(client, Map.of("addDirs", List.of("a\0b")))).contains("\"addDirs[0]\" is");
        assertThat(error(client, Map.of("profile", "../careful")))
                .contains("\"profile\" is \"../careful\": it must be a name of letters, digits, _ and -.");
        assertThat(error(client, Map.of("profile", "none")))
                .contains("\"profile\" is \"none\", but " + bench.home().directory() + " has no none.config.toml. "
                        + "Its profiles: careful.");
        for (String text : List.of("x", "5", "{} {}", "{", "")) {
            assertThat(error(client, Map.of("outputSchema", text)))
                    .contains("\"outputSchema\" is \"" + text + "\": it must be an object");
        }
        assertThat(error(client, Map.of("outputSchema", Map.of("type", "text"))))
                .contains("\"outputSchema\" is not a JSON Schema: its type is \"text\": it must be one of array,");
        assertThat(error(client, Map.of("network", "yes")))
                .contains("\"network\" is \"yes\": it must be true or false");
        assertThat(error(client, Map.of("webSearch", 1))).contains("\"webSearch\" is 1: it must be true or false");
        assertThat(error(client, Map.of("mcpServers", "some")))
                .contains("\"mcpServers\" is \"some\": it must be one of inherit, none");
        assertThat(client.call("codex_list", Map.of()).json().path("jobs")).isEmpty();
    }
}

package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers run in the client's folder, as far as it tells the server. */
class RootsIT {
    /** Says in which folder it was asked to work. */
    private static final String SAYS_FOLDER = """
            begin
            folder=none
            before=
            for argument; do
                [ "$before" = -C ] && folder=$argument
                before=$argument
            done
            message "folder: $folder"
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

    /** Begins again as a client with roots. */
    private static void introduce(McpClient client) {
        ObjectNode params = TestJson.object().put("protocolVersion", "2025-06-18");
        params.putObject("capabilities").putObject("roots").put("listChanged", true);
        params.putObject("clientInfo").put("name", "with-roots").put("version", "1");
        client.request("initialize", params);
        client.notify("notifications/initialized", TestJson.object());
    }

    private static JsonNode question(McpClient client, String id) {
        return client.awaitMessage(
                "question " + id, message -> message.path("id").asText().equals(id));
    }

    private static void answer(McpClient client, String id, Path... roots) {
        ObjectNode answer = TestJson.object().put("jsonrpc", "2.0").put("id", id);
        List.of(roots)
                .forEach(root -> answer.withObject("/result")
                        .withArray("roots")
                        .addObject()
                        .put("uri", root.toUri().toString()));
        client.send(answer.toString());
    }

    private static JsonNode spawn(McpClient client, Map<String, ?> arguments) {
        return client.call("codex_spawn", arguments).json();
    }

    private static String result(McpClient client, JsonNode spawned) {
        JobTools jobs = new JobTools(client);
        jobs.awaitEnd(spawned.path("jobId").asText());
        return jobs.result(spawned.path("jobId").asText());
    }

    @Test
    void workersRunInTheFirstRootOfAClientThatHasRoots() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "says-folder", SAYS_FOLDER)) {
            McpClient client = start(fake);
            Path root = bench.folder("größer project");
            introduce(client);
            JsonNode question = question(client, "roots-1");
            answer(client, "roots-1", bench.folder("codex").resolve("missing"), root);

            JsonNode spawned = spawn(client, Map.of("prompt", "p"));
            JsonNode elsewhere = spawn(client, Map.of("prompt", "p", "workingDirectory", "/"));
            JsonNode group = client.call(
                            "codex_spawn_group",
                            Map.of(
                                    "jobs",
                                    List.of(Map.of("prompt", "p"), Map.of("prompt", "p", "workingDirectory", "/"))))
                    .json();

            assertThat(question.path("method").asText()).isEqualTo("roots/list");
            assertThat(spawned.path("workingDirectory").asText()).isEqualTo(root.toString());
            assertThat(result(client, spawned)).isEqualTo("folder: " + root);
            assertThat(elsewhere.has("workingDirectory")).isFalse();
            assertThat(result(client, elsewhere)).isEqualTo("folder: /");
            assertThat(group.path("workingDirectory").asText()).isEqualTo(root.toString());
            assertThat(result(client, group.path("results").path(0))).isEqualTo("folder: " + root);
            assertThat(result(client, group.path("results").path(1))).isEqualTo("folder: /");
            assertThat(client.call("codex", Map.of("prompt", "p")).text()).isEqualTo("folder: " + root);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file://%s", "file://localhost%s", "FILE:%s", "file://%s/"})
    void rootsThatAreNoProperUrisAreUnderstood(String form) {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "says-folder", SAYS_FOLDER)) {
            McpClient client = start(fake);
            Path root = bench.folder("größer project 100%+1");
            introduce(client);
            question(client, "roots-1");
            ObjectNode answer = TestJson.object().put("jsonrpc", "2.0").put("id", "roots-1");
            ArrayNode roots = answer.withObject("/result").withArray("roots");
            for (String odd : List.of(
                    "vscode-remote://host/tmp",
                    "https://example.org/",
                    "untitled:x",
                    "",
                    "file:relative",
                    "file:///nowhere")) {
                roots.addObject().put("uri", odd);
            }
            roots.add(TestJson.parse("7")).addObject().put("name", "no uri");
            roots.addObject().put("uri", form.formatted(root));
            client.send(answer.toString());

            assertThat(spawn(client, Map.of("prompt", "p"))
                            .path("workingDirectory")
                            .asText())
                    .isEqualTo(root.toString());
        }
    }

    @Test
    void theServersOwnFolderStaysIfItIsWithinARoot() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "says-folder", SAYS_FOLDER)) {
            McpClient client = start(fake);
            introduce(client);
            question(client, "roots-1");
            answer(
                    client,
                    "roots-1",
                    bench.folder("other"),
                    Objects.requireNonNull(bench.workspace().getParent()));

            JsonNode spawned = spawn(client, Map.of("prompt", "p"));

            assertThat(spawned.path("workingDirectory").asText())
                    .isEqualTo(bench.workspace().toString());
            assertThat(result(client, spawned)).isEqualTo("folder: none");
        }
    }

    @Test
    void rootsThatChangeAreAskedForAgain() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "says-folder", SAYS_FOLDER)) {
            McpClient client = start(fake);
            introduce(client);
            question(client, "roots-1");
            client.notify("notifications/roots/list_changed", TestJson.object());
            question(client, "roots-2");
            answer(client, "roots-2", bench.folder("new"));
            answer(client, "roots-1", bench.folder("old"));

            assertThat(spawn(client, Map.of("prompt", "p"))
                            .path("workingDirectory")
                            .asText())
                    .isEqualTo(bench.folder("new").toString());
        }
    }

    @Test
    void aClientWithRootsThatDoesNotAnswerGetsTheServersFolder() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "says-folder", SAYS_FOLDER)) {
            McpClient client = start(fake);
            introduce(client);

            assertThat(spawn(client, Map.of("prompt", "p"))
                            .path("workingDirectory")
                            .asText())
                    .isEqualTo(bench.workspace().toString());
            client.send("{\"jsonrpc\":\"2.0\",\"id\":\"roots-1\",\"error\":{\"code\":-32601,\"message\":\"no\"}}");
            assertThat(result(client, spawn(client, Map.of("prompt", "p")))).isEqualTo("folder: none");
        }
    }

    @Test
    void aClientWithoutRootsIsNotAsked() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "says-folder", SAYS_FOLDER)) {
            McpClient client = start(fake);

            assertThat(spawn(client, Map.of("prompt", "p"))
                            .path("workingDirectory")
                            .asText())
                    .isEqualTo(bench.workspace().toString());
            assertThat(client.received())
                    .noneMatch(message -> message.path("method").asText().equals("roots/list"));
        }
    }
}

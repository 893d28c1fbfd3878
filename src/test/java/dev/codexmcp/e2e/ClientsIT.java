package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.HostPackage;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.NpmPackage;
import dev.codexmcp.testkit.TestJson;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients by others: each lists the tools, runs a job, gets an error, and closes; no process is left. */
class ClientsIT {

    /** The recorded list: these clients see all of it. */
    private static final List<String> TOOLS = tools();

    private static final HostPackage INSPECTOR =
            new HostPackage(new NpmPackage("@modelcontextprotocol/inspector", "2.12.0", "mcp-inspector", "170 MB"), 22);

    private static final NpmPackage TYPESCRIPT_SDK =
            new NpmPackage("@modelcontextprotocol/sdk", "1.32.2", "mcp-typescript-sdk", "30 MB");

    /** The second version of the TypeScript SDK, which speaks MCP 2026-07-28. */
    private static final NpmPackage STATELESS_SDK =
            new NpmPackage("@modelcontextprotocol/client", "2.4.0", "mcp-typescript-client", "25 MB");

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private static List<String> tools() {
        try (InputStream recorded = ClientsIT.class.getResourceAsStream("/tools-list.json")) {
            return TestJson.MAPPER
                    .readTree(Objects.requireNonNull(recorded))
                    .path("tools")
                    .valueStream()
                    .map(tool -> tool.path("name").asText())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode inspector(String... arguments) throws Exception {
        Map<String, String> environment = bench.environment(CliVariant.NPM);
        // 5: the tool reports an error. Complaints about schemas go to stderr.
        String run = "mcp-inspector --cli \"$@\" 2>said; case $? in 0) [ ! -s said ] ;; 5) ;; *) exit 1 ;; esac";
        List<String> command = new ArrayList<>(List.of("sh", "-c", run, "sh"));
        command.addAll(EndToEndFixture.command());
        environment.forEach((name, value) -> command.addAll(List.of("-e", name + "=" + value)));
        command.addAll(List.of(arguments));
        Map<String, String> path = Map.of("PATH", INSPECTOR.path() + ":" + environment.get("PATH"));
        JsonNode answer = TestJson.parse(ForeignClient.outputOf(bench, command, path));
        bench.processes().awaitNone();
        return answer;
    }

    @Test
    void theInspectorsCommandLine() throws Exception {
        JsonNode tools = inspector("--strict", "--method", "tools/list").path("tools");
        JsonNode turn = inspector(
                "--method",
                "tools/call",
                "--tool-name",
                "codex",
                "--tool-arg",
                "prompt=hello from the Inspector",
                "--tool-arg",
                "sandbox=read-only");
        JsonNode spawned = inspector(
                "--method",
                "tools/call",
                "--tool-name",
                "codex_spawn",
                "--tool-arg",
                "prompt=hello",
                "--tool-arg",
                "label=x");
        JsonNode error =
                inspector("--method", "tools/call", "--tool-name", "codex_result", "--tool-arg", "jobId=nobody");

        assertThat(tools).extracting(tool -> tool.path("name").asText()).containsExactlyInAnyOrderElementsOf(TOOLS);
        assertThat(turn.path("content").path(0).path("text").asText()).isEqualTo("hello from the Inspector");
        assertThat(spawned.path("structuredContent").path("label").asText()).isEqualTo("x");
        assertThat(error.path("isError").asBoolean()).isTrue();
        assertThat(error.path("content").path(0).path("text").asText())
                .startsWith("Error in tool \"codex_result\": Unknown jobId \"nobody\"");
    }

    @Test
    void aClientMadeWithTheTypeScriptSdk() throws Exception {
        // The client creates the file at the first progress notification.
        String turn = ModelScript.script()
                .shell("until [ -e told ]; do sleep 0.05; done")
                .say("the end")
                .prompt();

        String seen = ForeignClient.outputOf(
                bench,
                List.of(
                        "node",
                        ForeignClient.script("typescript-sdk.mjs").toString(),
                        TYPESCRIPT_SDK.folder().toString(),
                        EndToEndFixture.command().get(0),
                        bench.workspace().toString()),
                Map.of("TURN", turn));

        JsonNode json = TestJson.parse(seen);
        assertThat(JobTools.texts(json.path("tools"))).containsExactlyInAnyOrderElementsOf(TOOLS);
        assertThatJson(json).whenIgnoringPaths("tools").isEqualTo("""
                {
                  server: 'codex-mcp-server',
                  spawned: 'running',
                  completed: true,
                  status: 'done',
                  result: 'hello from TypeScript',
                  turn: 'the end',
                  error: [true, 'Error in tool "codex_result": Unknown jobId "nobody"'],
                  faults: []
                }""");
        bench.processes().awaitNone();
    }

    @Test
    void aClientThatSpeaksMcp20260728Only() throws Exception {
        String seen = ForeignClient.outputOf(
                bench,
                List.of(
                        "node",
                        ForeignClient.script("stateless-client.mjs").toString(),
                        STATELESS_SDK.folder().toString(),
                        EndToEndFixture.command().get(0),
                        bench.workspace().toString()),
                Map.of());

        JsonNode json = TestJson.parse(seen);
        assertThat(JobTools.texts(json.path("tools"))).containsExactlyInAnyOrderElementsOf(TOOLS);
        assertThatJson(json).whenIgnoringPaths("tools").isEqualTo("""
                {
                  server: 'codex-mcp-server',
                  version: '2026-07-28',
                  completed: true,
                  updated: true,
                  resource: 'hello from 2026',
                  result: 'hello from 2026',
                  turn: 'and a turn',
                  turnMeta: ['io.modelcontextprotocol/serverInfo', 'threadId'],
                  error: [true, 'Error in tool "codex_result": Unknown jobId "nobody"'],
                  unknownTool: -32602,
                  unknownResource: -32602,
                  runbook: 'text/markdown',
                  faults: []
                }""");
        bench.processes().awaitNone();
    }

    @Test
    void aClientMadeWithTheJavaSdk() {
        ServerParameters server = ServerParameters.builder(
                        EndToEndFixture.command().get(0))
                .env(bench.environment(CliVariant.NPM))
                .build();
        StdioClientTransport transport = new StdioClientTransport(server, new JacksonMcpJsonMapper(TestJson.MAPPER));
        try (McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(Duration.ofMinutes(1))
                .enableCallToolSchemaCaching(true)
                .build()) {
            client.initialize();

            List<String> tools = client.listTools().tools().stream()
                    .map(McpSchema.Tool::name)
                    .toList();
            String jobId = structured(call(client, "codex_spawn", Map.of("prompt", "hello from Java")))
                    .path("jobId")
                    .asText();
            JsonNode wait =
                    structured(call(client, "codex_wait_any", Map.of("jobIds", List.of(jobId), "timeoutMs", 60_000)));
            JsonNode status = structured(call(client, "codex_status", Map.of("jobId", jobId)));
            McpSchema.CallToolResult result = call(client, "codex_result", Map.of("jobId", jobId));
            McpSchema.CallToolResult turn = call(client, "codex", Map.of("prompt", "and a turn"));
            McpSchema.CallToolResult wrong = call(client, "codex_result", Map.of("jobId", "nobody"));

            assertThat(tools).containsExactlyInAnyOrderElementsOf(TOOLS);
            assertThat(wait.path("completedJobId").asText()).isEqualTo(jobId);
            assertThat(status.path("status").asText()).isEqualTo("done");
            assertThat(text(result)).isEqualTo("hello from Java");
            assertThat(text(turn)).isEqualTo("and a turn");
            assertThat(wrong.isError()).isTrue();
            assertThat(text(wrong)).startsWith("Error in tool \"codex_result\": Unknown jobId \"nobody\"");
            assertThat(client.closeGracefully()).isTrue();
        }
        bench.processes().awaitNone();
    }

    private static McpSchema.CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(
                McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
    }

    private static JsonNode structured(McpSchema.CallToolResult result) {
        return TestJson.MAPPER.valueToTree(result.structuredContent());
    }

    private static String text(McpSchema.CallToolResult result) {
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }
}

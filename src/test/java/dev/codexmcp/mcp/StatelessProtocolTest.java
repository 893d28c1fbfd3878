package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.tool.HostTable;
import dev.codexmcp.tool.ToolCatalog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MCP 2026-07-28, and beside it the versions with a handshake. */
class StatelessProtocolTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
    private static final String SERVER_INFO = "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
            + "{\"name\":\"codex-mcp-server\",\"title\":\"Codex workers\",\"version\":\"1.2.3\"}}";

    private static List<JsonNode> answers(boolean stateless, List<String> lines) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JobEngine jobs = JobEngine.of(new CodexCli(Optional.of("/bin/true"), ""), 2);
        CodexMcpServer server = new CodexMcpServer(
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(UTF_8)),
                out,
                threads -> new ToolCatalog(
                        jobs.registry(), jobs.scheduler(), jobs.changes(), jobs.timer(), Sandbox.READ_ONLY, threads),
                () -> {},
                new ServerSettings("1.2.3", HostTable.DEFAULT, stateless),
                () -> {});
        server.run();
        server.finishCalls();
        jobs.close();
        server.finishAnswers();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : out.toString(UTF_8).lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        return answers;
    }

    private static JsonNode answer(boolean stateless, String method, String params) throws Exception {
        List<JsonNode> answers = answers(
                stateless,
                List.of("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"" + method + "\",\"params\":{" + params
                        + "}}"));
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).path("id").asText()).isEqualTo("x");
        return answers.get(0);
    }

    private static JsonNode answer(String method, String params) throws Exception {
        return answer(true, method, params);
    }

    @Test
    void discoverDescribesTheServer() throws Exception {
        JsonNode result = answer("server/discover", META).path("result");

        assertThat(result.path("instructions").asText()).isEqualTo(InitializeHandler.INSTRUCTIONS);
        assertThatJson(((ObjectNode) result).without("instructions"))
                .isEqualTo("{\"resultType\":\"complete\",\"ttlMs\":300000,\"cacheScope\":\"private\","
                        + "\"supportedVersions\":[\"2026-07-28\"],"
                        + "\"capabilities\":{\"tools\":{},\"prompts\":{},\"resources\":{\"subscribe\":true},\"completions\":{}},"
                        + SERVER_INFO + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools/list", "prompts/list", "resources/list", "resources/templates/list"})
    void listsMayBeKept(String method) throws Exception {
        JsonNode result = answer(method, META).path("result");

        assertThat(result.path("resultType").asText()).isEqualTo("complete");
        assertThat(result.path("ttlMs").asInt()).isEqualTo(300_000);
        assertThat(result.path("cacheScope").asText()).isEqualTo("private");
    }

    @Test
    void aToolIsCalledAsEver() throws Exception {
        assertThatJson(answer("tools/call", "\"name\":\"ping\",\"arguments\":{\"message\":\"é\"}," + META)
                        .path("result"))
                .isEqualTo("{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"é\"}],"
                        + SERVER_INFO + "}");
        assertThat(answer("tools/call", "\"name\":\"codex_status\",\"arguments\":{\"jobId\":\"no\"}," + META)
                        .path("result")
                        .path("isError")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void errorsAreThoseOfThisVersion() throws Exception {
        assertThatJson(answer("tools/call", "\"name\":\"nonsense\"," + META).path("error"))
                .isEqualTo(
                        "{\"code\":-32602,\"message\":\"\\\"nonsense\\\": there is no such tool; see tools/list.\"}");
        assertThat(answer("resources/read", "\"uri\":\"x://y\"," + META)
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32602);
        assertThat(answer("no/such", META).path("error").path("code").asInt()).isEqualTo(-32601);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"})
    void methodsThatThisVersionHasRemovedAreUnknown(String method) throws Exception {
        assertThat(answer(method, META).path("error").path("code").asInt()).isEqualTo(-32601);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1900-01-01", "2025-11-25", ""})
    void anotherVersionIsRefusedWithThoseThatAreSupported(String version) throws Exception {
        JsonNode error =
                answer("tools/list", META.replace("2026-07-28", version)).path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32022);
        assertThatJson(error.path("data"))
                .isEqualTo(
                        "{\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\",\"2024-11-05\"],"
                                + "\"requested\":\"" + version + "\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tools/list | \"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"} | clientCapabilities",
                "tools/list | \"_meta\":{\"io.modelcontextprotocol/protocolVersion\":7} | protocolVersion",
                "server/discover | `` | protocolVersion",
                "server/discover | \"_meta\":5 | protocolVersion"
            })
    void aRequestThatLacksAFieldIsRefused(String method, String params, String field) throws Exception {
        JsonNode error = answer(method, params).path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asText())
                .startsWith("\"params._meta\" needs \"io.modelcontextprotocol/" + field + "\"");
    }

    @Test
    void bothErasAreServedInOneSession() throws Exception {
        List<JsonNode> answers = answers(
                true,
                List.of(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{" + META + "}}",
                        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\"}}",
                        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}",
                        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":{\"name\":\"ping\"," + META
                                + "}}"));

        assertThat(answers.get(1).path("result").path("protocolVersion").asText())
                .isEqualTo("2025-06-18");
        assertThatJson(answers.get(2).path("result")).isEqualTo("{}");
        assertThat(answers.get(3).path("result").path("resultType").asText()).isEqualTo("complete");
    }

    @Test
    void theVariableTurnsItOff() throws Exception {
        assertThat(answer(false, "server/discover", META)
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32601);
        assertThatJson(answer(false, "tools/call", "\"name\":\"ping\"," + META).path("result"))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"pong\"}]}");
    }

    /** What Codex 0.169.0 has sent, with one of our tools in place of the recording server's. */
    @Test
    void theRequestsOfCodexAreAnsweredByTheOlderRules() throws Exception {
        List<String> recorded = Files.readAllLines(Path.of("src/test/resources/hosts/codex-0.169.0.jsonl"));

        List<JsonNode> answers = answers(true, recorded);

        assertThat(answers.stream().map(answer -> answer.path("id").asInt())).containsExactly(0, 1, 2);
        assertThat(answers.get(0).path("result").path("protocolVersion").asText())
                .isEqualTo("2025-06-18");
        assertThatJson(answers.get(2).path("result"))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"pong\"}]}");
    }

    /** What Claude Code 2.1.330 has sent, with one of our tools in place of the recording server's. */
    @Test
    void theRequestsOfClaudeCodeAreAnswered() throws Exception {
        List<String> recorded = Files.readAllLines(Path.of("src/test/resources/hosts/claude-code-2.1.330.jsonl"));

        List<JsonNode> answers = answers(true, recorded);

        assertThat(answers)
                .hasSameSizeAs(recorded)
                .allSatisfy(answer -> assertThat(
                                answer.path("result").path("resultType").asText())
                        .isEqualTo("complete"));
        assertThat(answers.get(0).path("id").asText()).isEqualTo("server-discover-probe-1");
        assertThat(answers.get(1).path("result").path("tools")).isNotEmpty();
        assertThat(answers.get(2)
                        .path("result")
                        .path("content")
                        .path(0)
                        .path("text")
                        .asText())
                .isEqualTo("pong");
    }
}

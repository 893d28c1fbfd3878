package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.tool.HostTable;
import dev.codexmcp.tool.ToolCatalog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole server in this process, from a stream of requests to the answers. Starts no worker. */
class ServerOverStreamsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"ping\"} | {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\",\"params\":null} | {\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":-1,\"method\":\"tools/call\",\"params\":{\"name\":\"ping\"}} | {\"jsonrpc\":\"2.0\",\"id\":-1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"pong\"}]}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ping\",\"arguments\":null}} | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"pong\"}]}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ping\",\"arguments\":[]}} | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"Error in tool \\\"ping\\\": \\\"arguments\\\" must be an object.\"}],\"isError\":true}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"codex_status\",\"arguments\":{}}} | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"Error in tool \\\"codex_status\\\": \\\"jobId\\\" is missing: it must be a string.\"}],\"isError\":true}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"nope\"}} | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"Error in tool \\\"nope\\\": there is no such tool; see tools/list.\"}],\"isError\":true}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{}} | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"\\\"params.name\\\" must be the name of a tool; tools/list names them.\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[]} | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"\\\"params.name\\\" must be the name of a tool; tools/list names them.\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1} | {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32600,\"message\":\"\\\"method\\\" must be a string.\"}}",
            })
    void aRequestIsAnsweredBeforeAnyHandshake(String request, String answer) throws Exception {
        assertThat(serve(request + "\n")).containsExactly(JSON.readTree(answer));
    }

    @Test
    void anUnknownMethodIsRefused() throws Exception {
        List<JsonNode> answers =
                serve("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"tools/explode\",\"params\":{}}\n");

        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).path("id").textValue()).isEqualTo("x");
        assertThat(answers.get(0).path("error").path("code").intValue()).isEqualTo(-32601);
    }

    @Test
    void theLastRequestIsAnsweredEvenWithoutALineFeed() throws Exception {
        assertThat(
                        serve(
                                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r\n\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"))
                .containsExactly(
                        JSON.readTree("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"),
                        JSON.readTree("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
    }

    @Test
    void blankLinesNotificationsAndAnswersAreNotAnswered() throws Exception {
        assertThat(serve("""

                        BLANKS\r
                        {"jsonrpc":"2.0","method":"notifications/initialized"}
                        {"jsonrpc":"2.0","method":"notifications/initialized"}
                        {"jsonrpc":"2.0","method":"notifications/unheard","params":5}
                        {"jsonrpc":"2.0","method":"notifications/cancelled"}
                        {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}
                        {"jsonrpc":"2.0","method":"ping"}
                        {"jsonrpc":"2.0","id":1,"result":{}}
                        """.replace("BLANKS", " \t"))).isEmpty();
    }

    @Test
    void requestsOfAllKindsInARowAreEachAnsweredOnce() throws Exception {
        StringBuilder requests = new StringBuilder();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String method = switch (i % 6) {
                case 0 -> "\"ping\"";
                case 1 -> "\"tools/list\"";
                case 2 -> "\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\"}";
                case 3 ->
                    "\"tools/call\",\"params\":{\"name\":\"codex_wait_any\",\"arguments\":{\"jobIds\":[\"gone\"],\"timeoutMs\":300000}}";
                case 4 -> "\"tools/call\",\"params\":{\"name\":\"codex_spawn\",\"arguments\":{\"prompt\":\"p\"}}";
                default -> "\"nothing\"";
            };
            requests.append("{\"jsonrpc\":\"2.0\",\"id\":")
                    .append(i)
                    .append(",\"method\":")
                    .append(method)
                    .append("}\n");
            ids.add(Integer.toString(i));
        }

        assertThat(serve(requests.toString()))
                .extracting(answer -> answer.path("id").asText())
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Property(tries = 300)
    void aPingIsAnsweredWhateverCameBeforeItAndEveryAnswerIsAMessage(@ForAll("lines") List<String> lines)
            throws Exception {
        StringBuilder input = new StringBuilder();
        lines.forEach(
                line -> input.append(line).append("\n{\"jsonrpc\":\"2.0\",\"id\":\"after\",\"method\":\"ping\"}\n"));
        List<JsonNode> answers = serve(input.toString());

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.path("jsonrpc").textValue()).isEqualTo("2.0");
            assertThat(answer.has("result")).isNotEqualTo(answer.has("error"));
            assertThat(answer.has("id")).isTrue();
        });
        assertThat(answers.stream().filter(answer -> answer.path("id").asText().equals("after")))
                .hasSize(lines.size());
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> whole = Arbitraries.of(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"codex_events\",\"arguments\":{\"jobId\":\"x\",\"cursor\":5}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1e400,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"codex_wait_any\",\"arguments\":{\"jobIds\":[\"a\"],\"timeoutMs\":1e999}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"initialize\",\"params\":{\"protocolVersion\":{}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"prompts/get\",\"params\":{\"name\":\"\\ud800\",\"arguments\":[]}}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"resources/read\",\"params\":\"\\udc00\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"\\ud800\",\"params\":[[[]]]}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":{\"a\":1}}}",
                "[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}]",
                "\u0000\u0001\uFEFF",
                "{}");
        Arbitrary<String> cut = whole.flatMap(
                line -> Arbitraries.integers().between(0, line.length()).map(end -> line.substring(0, end)));
        Arbitrary<String> noise =
                Arbitraries.strings().withChars("{}[]\",:0a\\ \u00e9\ud83d").ofMaxLength(12);
        return Arbitraries.oneOf(whole, cut, noise).list().ofMinSize(1).ofMaxSize(6);
    }

    /** The answers to these requests, up to EOF. */
    private static List<JsonNode> serve(String input) throws InterruptedException, IOException {
        JobEngine jobs = JobEngine.of(new CodexCli(Optional.of("/nowhere/codex"), ""), 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CodexMcpServer server = new CodexMcpServer(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                out,
                threads -> new ToolCatalog(
                        jobs.registry(),
                        jobs.scheduler(),
                        jobs.changes(),
                        jobs.timer(),
                        Sandbox.WORKSPACE_WRITE,
                        threads),
                () -> {},
                new ServerSettings("1.2.3", HostTable.DEFAULT, true),
                () -> {});
        server.run();
        server.finishCalls();
        server.finishAnswers();
        jobs.close();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : out.toString(UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                answers.add(JSON.readTree(line));
            }
        }
        return answers;
    }
}

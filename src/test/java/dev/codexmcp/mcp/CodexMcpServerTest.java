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
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server in this JVM: whatever comes in, it answers the next request. */
class CodexMcpServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":\"alive\",\"method\":\"ping\"}";
    private static final String ALIVE = "{\"jsonrpc\":\"2.0\",\"id\":\"alive\",\"result\":{}}";

    /** All answers to the lines of the stream. */
    private static List<String> answers(InputStream in) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JobEngine jobs = JobEngine.of(new CodexCli(Optional.of("/bin/true"), ""), 2);
        CodexMcpServer server = new CodexMcpServer(
                in,
                out,
                threads -> new ToolCatalog(
                        jobs.registry(), jobs.scheduler(), jobs.changes(), jobs.timer(), Sandbox.READ_ONLY, threads),
                () -> {},
                new ServerSettings("1.2.3", HostTable.DEFAULT, true),
                () -> {});
        server.run();
        server.finishCalls();
        jobs.close();
        server.finishAnswers();
        assertThat(out.toString(UTF_8))
                .satisfiesAnyOf(
                        text -> assertThat(text).isEmpty(),
                        text -> assertThat(text).endsWith("\n"));
        return out.toString(UTF_8).lines().toList();
    }

    private static List<String> answers(String... lines) throws Exception {
        return answers(new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(UTF_8)));
    }

    static Stream<Arguments> badLines() {
        return Stream.of(
                Arguments.of("hello", -32700),
                Arguments.of("{", -32700),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", -32700),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}}", -32700),
                Arguments.of(PING + PING, -32700),
                Arguments.of("{'jsonrpc':'2.0'}", -32700),
                Arguments.of("NaN", -32700),
                Arguments.of("\0\0\0{", -32700),
                Arguments.of("{\0", -32700),
                Arguments.of("\0", -32700),
                Arguments.of("[".repeat(100_000), -32700),
                Arguments.of("{\"a\":".repeat(100_000), -32700),
                Arguments.of("\"" + "x".repeat(30_000_000), -32700),
                Arguments.of("null", -32600),
                Arguments.of("7", -32600),
                Arguments.of("\"text\"", -32600),
                Arguments.of("[]", -32600),
                Arguments.of("[" + PING + "]", -32600),
                Arguments.of("{}", -32600),
                Arguments.of("{\"id\":1}", -32600),
                Arguments.of("{\"id\":1,\"method\":\"ping\"}", -32600),
                Arguments.of("{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}", -32600),
                Arguments.of("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}", -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}", -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}", -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\"}", -32601),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}", -32601),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"notifications/cancelled\"}", -32601),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}", -32602),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[]}", -32602),
                Arguments.of(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":7}}", -32602));
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void badLineIsAnsweredWithItsCodeAndTheNextRequestIsServed(String line, int code) throws Exception {
        List<String> answers = answers(line, PING);

        assertThat(answers).hasSize(2).last().isEqualTo(ALIVE);
        JsonNode answer = JSON.readTree(answers.get(0));
        assertThat(answer.path("error").path("code").asInt()).as("%s", answer).isEqualTo(code);
        assertThat(answer.path("error").path("message").asText()).isNotBlank().hasSizeLessThan(400);
        assertThat(answer.has("id")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(bytes = {(byte) 0x80, (byte) 0xC0, (byte) 0xFE, (byte) 0xFF, (byte) 0xED})
    void lineThatIsNotUtf8IsAnsweredAndTheNextRequestIsServed(byte odd) throws Exception {
        byte[] bytes = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"p?ng\"}\n" + PING + "\n").getBytes(UTF_8);
        bytes[new String(bytes, UTF_8).indexOf('?')] = odd;

        List<String> answers = answers(new ByteArrayInputStream(bytes));

        assertThat(answers).hasSize(2).last().isEqualTo(ALIVE);
        assertThat(JSON.readTree(answers.get(0)).path("error").path("code").asInt())
                .isEqualTo(-32700);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \t\r",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard_of\",\"params\":[1]}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"initialize\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"unknown\"}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":{}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":1,\"message\":\"no\"}}"
            })
    void notificationsAndBlankLinesGetNoAnswer(String line) throws Exception {
        assertThat(answers(line, PING)).containsExactly(ALIVE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "9007199254740993",
                "123456789012345678901234567890",
                "1.50",
                "1e3",
                "\"\"",
                "\"a b\"",
                "\"\\u00e9\\n\\\"\"",
                "\"äЖ漢😀\"",
                "\"\\ud83d\""
            })
    void idIsReturnedUnchanged(String id) throws Exception {
        List<String> answers = answers("{\"method\":\"ping\",\"id\":" + id + ",\"jsonrpc\":\"2.0\"}", PING);

        assertThat(answers).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}", ALIVE);
    }

    @Test
    void requestsWithTheSameIdAreEachAnswered() throws Exception {
        assertThat(answers(PING, PING, PING)).containsExactly(ALIVE, ALIVE, ALIVE);
    }

    @Test
    void lastLineNeedsNoLineFeed() throws Exception {
        assertThat(answers(new ByteArrayInputStream(PING.getBytes(UTF_8)))).containsExactly(ALIVE);
    }

    @Test
    void lineThatIsTooLongIsDroppedWithAnError() throws Exception {
        byte[] mib = "x".repeat(1024 * 1024).getBytes(UTF_8);
        List<InputStream> parts = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            parts.add(new ByteArrayInputStream(mib));
        }
        parts.add(new ByteArrayInputStream(("\n" + PING + "\n").getBytes(UTF_8)));

        List<String> answers = answers(new SequenceInputStream(java.util.Collections.enumeration(parts)));

        assertThat(answers).hasSize(2).last().isEqualTo(ALIVE);
        assertThat(answers.get(0)).contains("-32600", "longer than");
    }

    @Test
    void readErrorIsTreatedAsEof() throws Exception {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };

        assertThat(answers(new SequenceInputStream(new ByteArrayInputStream((PING + "\n").getBytes(UTF_8)), failing)))
                .containsExactly(ALIVE);
    }

    @Test
    void invalidValuesAreReportedByTheTool() throws Exception {
        for (String timeout :
                List.of("1e400", "-1e400", "1e-400", "1e99999999", "123456789012345678901", "\"5\"", "null", "{}")) {
            List<String> answers = answers(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"codex_wait_any\","
                            + "\"arguments\":{\"jobIds\":[\"x\"],\"timeoutMs\":" + timeout + "}}}",
                    PING);

            assertThat(answers).hasSize(2).contains(ALIVE);
            assertThat(String.join("", answers)).as(timeout).doesNotContain("Please report");
        }
    }
}

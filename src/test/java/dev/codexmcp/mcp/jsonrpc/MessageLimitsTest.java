package dev.codexmcp.mcp.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.mcp.stdio.LineReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits on a message's length and nesting. */
class MessageLimitsTest {
    private static final String BEYOND_LIMITS =
            "Beyond this server's limits: 200 levels of nesting, 1000 characters in a number, 50000 bytes in a name.";

    @ParameterizedTest
    @ValueSource(ints = {201, 1_100, 100_000})
    void deepNestingIsRefusedWithTheIdOfTheRequest(int levels) {
        checkBeyondLimits("[".repeat(levels) + "]".repeat(levels));
        checkBeyondLimits("{\"a\":".repeat(levels));
    }

    @Test
    void numbersAndNamesBeyondTheirLimitsAreRefusedWithTheIdOfTheRequest() {
        checkBeyondLimits("1".repeat(1001));
        checkBeyondLimits("{\"" + "n".repeat(60_000) + "\":1}");
        assertThat(read("{\"jsonrpc\":\"2.0\",\"id\":" + "1".repeat(1001) + ",\"method\":\"m\"}"))
                .isEqualTo(new IncomingMessage.InvalidMessage("null", -32700, BEYOND_LIMITS));
    }

    private static void checkBeyondLimits(String params) {
        assertThat(read("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"m\",\"params\":" + params + "}"))
                .isEqualTo(new IncomingMessage.InvalidMessage("\"a\"", -32700, BEYOND_LIMITS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\\n", "é", "漢", "😀"})
    void stringsMayBeAsLongAsALine(String character) {
        String text = character.repeat(60_000_000 / character.getBytes(UTF_8).length);
        IncomingMessage message = read("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[\"" + text + "\"]}");

        assertThat(message).isInstanceOfSatisfying(IncomingMessage.Request.class, request -> {
            String read = request.params().path(0).textValue();
            assertThat(read.equals(text.replace("\\n", "\n"))).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({"TOO_LONG,longer than 67108864 bytes", "TOO_LONG_FOR_HEAP,CODEX_MCP_JAVA_OPTS"})
    void truncatedLineIsRefusedWithTheIdAtItsBeginning(LineReader.Extent extent, String reason) {
        byte[] line = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"m\",\"params\":\"xxxx".getBytes(UTF_8);

        assertThat(MessageParser.read(new LineReader.Line(line, 0, line.length, extent)))
                .isInstanceOfSatisfying(IncomingMessage.InvalidMessage.class, invalid -> {
                    assertThat(invalid.rawId()).isEqualTo("\"a\"");
                    assertThat(invalid.code()).isEqualTo(-32600);
                    assertThat(invalid.message()).contains(reason);
                });
    }

    private static IncomingMessage read(String line) {
        byte[] bytes = line.getBytes(UTF_8);
        return MessageParser.read(new LineReader.Line(bytes, 0, bytes.length, LineReader.Extent.WHOLE));
    }
}

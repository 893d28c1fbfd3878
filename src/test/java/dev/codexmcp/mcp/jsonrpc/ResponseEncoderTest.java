package dev.codexmcp.mcp.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseEncoderTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "-0", "1e2", "\"\\u00e9\"", "\"é😀\"", "null"})
    void responseIsALineWithTheIdUnchanged(String id) {
        assertThat(utf8(ResponseEncoder.line(id, Result.EMPTY).toByteArray()))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}\n");
    }

    @Test
    void errorIsALineToo() {
        assertThat(utf8(ResponseEncoder.error("7", -32601, "no \"x\"\n\ud800").toByteArray()))
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32601,\"message\":\"no \\\"x\\\"\\n\uFFFD\"}}\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 16_000, 17_000, 1_000_000})
    void resultsOfAnyLengthAreEncodedAlike(int length) {
        String half = "x".repeat(length / 2);
        Result result =
                new Result(ByteSlice.of(("\"" + half).getBytes(UTF_8)), ByteSlice.of((half + "\"").getBytes(UTF_8)));

        assertThat(utf8(ResponseEncoder.line("5", result).toByteArray()))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":\"" + half + half + "\"}\n");
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}

package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;

import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToolResultEncoderTest {
    private static final JsonWritable OBJECT = json -> {
        json.writeStartObject();
        json.writeStringField("a\"b", "é😀\n");
        json.writeEndObject();
    };

    @Test
    void textIsTheContent() {
        assertThatJson(result(new ToolResult.Text("two\n\"lines\" \ud800😀")))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"two\\n\\\"lines\\\" \uFFFD😀\"}]}");
        assertThatJson(result(new ToolResult.Text(""))).isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"\"}]}");
    }

    @Test
    void metadataIsOnTheContentAndOnTheResult() {
        assertThatJson(result(new ToolResult.Text("t", Optional.of(OBJECT))))
                .isEqualTo(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"t\",\"_meta\":{\"a\\\"b\":\"é😀\\n\"}}],\"_meta\":{\"a\\\"b\":\"é😀\\n\"}}");
    }

    @Test
    void aFailureIsMarkedAsOne() {
        assertThatJson(result(new ToolResult.Failure("Error in tool \"x\": y")))
                .isEqualTo(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"Error in tool \\\"x\\\": y\"}],\"isError\":true}");
    }

    @Test
    void anObjectIsSentAsTextAndAsStructuredContent() {
        assertThatJson(result(new ToolResult.Json(OBJECT)))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\\\\\"b\\\":\\\"é😀\\\\n\\\"}\"}],"
                        + "\"structuredContent\":{\"a\\\"b\":\"é😀\\n\"}}");
        assertThatJson(result(new ToolResult.TextAndJson("none", OBJECT)))
                .isEqualTo(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"none\"}],\"structuredContent\":{\"a\\\"b\":\"é😀\\n\"}}");
    }

    @Test
    void aPageOfEventsIsSentUnchanged() {
        Utf8Buffer escaped = new Utf8Buffer(4).append("{\\\"events\\\":[]}");

        assertThatJson(result(new ToolResult.EscapedText(escaped.toSlice())))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"events\\\":[]}\"}]}");
    }

    @Test
    void aHostThatShowsBothGetsTheTextAlone() {
        assertThatJson(text(ToolResultEncoder.of(new ToolResult.Json(OBJECT), true)))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\\\\\"b\\\":\\\"é😀\\\\n\\\"}\"}]}");
        assertThatJson(text(ToolResultEncoder.of(new ToolResult.TextAndJson("none", OBJECT), true)))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"none\"}]}");
    }

    private static String result(ToolResult answer) {
        return text(ToolResultEncoder.of(answer, false));
    }

    private static String text(Result result) {
        String line = new String(ResponseEncoder.line("1", result).toByteArray(), UTF_8);
        return line.substring("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":".length(), line.length() - "}\n".length());
    }
}

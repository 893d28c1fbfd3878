package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseEncoderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonWritable OBJECT = json -> {
        json.writeStartObject();
        json.writeStringField("a\"b", "é😀\n");
        json.writeEndObject();
    };

    @ParameterizedTest
    @ValueSource(strings = {"1", "-0", "1e2", "\"\\u00e9\"", "\"é😀\"", "null"})
    void anAnswerIsALineWithTheIdAsItCame(String id) {
        assertThat(utf8(ResponseEncoder.line(id, Result.EMPTY).toByteArray()))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}\n");
    }

    @Test
    void aRefusalIsALineToo() {
        assertThat(utf8(ResponseEncoder.error("7", -32601, "no \"x\"\n\ud800").toByteArray()))
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32601,\"message\":\"no \\\"x\\\"\\n\uFFFD\"}}\n");
    }

    @Test
    void textIsTheContent() {
        assertThatJson(result(new ToolResult.Text("two\n\"lines\" \ud800😀")))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"two\\n\\\"lines\\\" \uFFFD😀\"}]}");
        assertThatJson(result(new ToolResult.Text(""))).isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"\"}]}");
    }

    @Test
    void factsAboutATextStandOnTheContentAndOnTheResult() {
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
    void anObjectIsThereAsTextAndAsStructure() {
        assertThatJson(result(new ToolResult.Json(OBJECT)))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\\\\\"b\\\":\\\"é😀\\\\n\\\"}\"}],"
                        + "\"structuredContent\":{\"a\\\"b\":\"é😀\\n\"}}");
        assertThatJson(result(new ToolResult.TextAndJson("none", OBJECT)))
                .isEqualTo(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"none\"}],\"structuredContent\":{\"a\\\"b\":\"é😀\\n\"}}");
    }

    @Test
    void aPageOfEventsIsPutInAsItWasWritten() {
        Utf8Buffer escaped = new Utf8Buffer(4).append("{\\\"events\\\":[]}");

        assertThatJson(result(new ToolResult.EscapedText(escaped.toSlice())))
                .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"events\\\":[]}\"}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2024-11-05\"', 2024-11-05",
        "'\"2025-03-26\"', 2025-03-26",
        "'\"2025-06-18\"', 2025-06-18",
        "'\"2025-11-25\"', 2025-11-25",
        "'\"2023-01-01\"', 2025-11-25",
        "'\"2099-01-01\"', 2025-11-25",
        "'\"\"', 2025-11-25",
        "5, 2025-11-25",
        "null, 2025-11-25",
    })
    void theVersionIsTheClientsWhereItIsKnownElseTheNewest(String wanted, String agreed) throws Exception {
        Result answer = new InitializeHandler("1.2.3").answer(JSON.readTree("{\"protocolVersion\":" + wanted + "}"));

        assertThat(JSON.readTree(bytes(answer)).path("protocolVersion").textValue())
                .isEqualTo(agreed);
    }

    @Test
    void theHandshakeSaysWhoAnswersAndWhatHeCanDo() {
        assertThatJson(utf8(bytes(new InitializeHandler("1.2.3").answer(MissingNode.getInstance()))))
                .isEqualTo("{protocolVersion:'2025-11-25',capabilities:{tools:{},prompts:{},resources:{}},"
                        + "serverInfo:{name:'codex-mcp-server',title:'Codex workers',version:'1.2.3'},"
                        + "instructions:'${json-unit.any-string}'}");
    }

    @Test
    void theInstructionsTellOfTheFourStepsInUnderAThousandCharacters() {
        assertThat(InitializeHandler.INSTRUCTIONS)
                .contains("codex_spawn", "codex_wait_any", "codex_result", "codex_events", "codex_cancel")
                .hasSizeLessThan(1000);
    }

    private static String result(ToolResult answer) {
        return utf8(bytes(ToolResultEncoder.of(answer)));
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static byte[] bytes(Result result) {
        return new OutgoingLine(result.json()).toByteArray();
    }
}

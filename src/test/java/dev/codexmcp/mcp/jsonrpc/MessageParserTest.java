package dev.codexmcp.mcp.jsonrpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.mcp.stdio.LineReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParserTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-5",
                "2147483648",
                "12345678901234567890123",
                "1.0",
                "1e2",
                "-0",
                "\"a\"",
                "\"\"",
                "\"0\"",
                "\" \"",
                "\"\\u00e9\"",
                "\"é😀\"",
                "\"\\\"\\\\\"",
                "\"\\ud800\"",
                "\"a\\/b\""
            })
    void anIdOfAnyKindIsReturnedUnchanged(String id) throws IOException {
        String line = "{\"jsonrpc\":\"2.0\",\"params\":{\"id\":9},\"id\": " + id + " ,\"method\":\"m\"}";

        assertThat(read(line))
                .isEqualTo(new IncomingMessage.Request(JSON.readTree(id), id, "m", JSON.readTree("{\"id\":9}")));
    }

    @Test
    void theLastOfTwoIdsCounts() {
        assertThat(read("{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":2}"))
                .isEqualTo(new IncomingMessage.Request(
                        JSON.getNodeFactory().numberNode(2), "2", "m", MissingNode.getInstance()));
    }

    @Test
    void anIdIsFoundEvenIfItsNameIsEscaped() {
        assertThat(read("{\"jsonrpc\":\"2.0\",\"\\u0069d\":7,\"method\":\"m\"}"))
                .isEqualTo(new IncomingMessage.Request(
                        JSON.getNodeFactory().numberNode(7), "7", "m", MissingNode.getInstance()));
    }

    @Test
    void whiteSpaceAroundAMessageIsIgnored() {
        assertThat(read(" \t{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\"} \r"))
                .isEqualTo(new IncomingMessage.Request(
                        JSON.getNodeFactory().numberNode(7), "7", "m", MissingNode.getInstance()));
    }

    @Test
    void aMessageWithoutAnIdIsANotification() throws IOException {
        assertThat(read("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}"))
                .isEqualTo(new IncomingMessage.Notification(
                        "notifications/cancelled", JSON.readTree("{\"requestId\":1}")));
        assertThat(read("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}"))
                .isEqualTo(new IncomingMessage.Notification("m", MissingNode.getInstance()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"error\":{\"code\":-1,\"message\":\"m\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{}}"
            })
    void aResponseIsNotAnswered(String line) {
        assertThat(read(line)).isInstanceOf(IncomingMessage.Response.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[] | null | Batches are not supported: send one message per line.",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}] | null | Batches are not supported: send one message per line.",
                "5 | null | Not a JSON-RPC message: expected an object.",
                "null | null | Not a JSON-RPC message: expected an object.",
                "\"ping\" | null | Not a JSON-RPC message: expected an object.",
                "{} | null | \"jsonrpc\" must be \"2.0\".",
                "{\"id\":1,\"method\":\"m\"} | 1 | \"jsonrpc\" must be \"2.0\".",
                "{\"jsonrpc\":\"1.0\",\"id\":\"a\",\"method\":\"m\"} | \"a\" | \"jsonrpc\" must be \"2.0\".",
                "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"m\"} | 1 | \"jsonrpc\" must be \"2.0\".",
                "{\"jsonrpc\":\"2.0\",\"id\":1} | 1 | \"method\" must be a string.",
                "{\"jsonrpc\":\"2.0\"} | null | \"method\" must be a string.",
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":5} | 0 | \"method\" must be a string.",
                "{\"jsonrpc\":\"2.0\",\"id\":-1,\"method\":null} | -1 | \"method\" must be a string.",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"m\"} | null | \"id\" must be a string or a number.",
                "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"m\"} | null | \"id\" must be a string or a number.",
                "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"m\"} | null | \"id\" must be a string or a number.",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"m\"} | null | \"id\" must be a string or a number.",
            })
    void jsonThatIsNotAMessageIsRefusedWithItsId(String line, String id, String message) {
        assertThat(read(line)).isEqualTo(new IncomingMessage.InvalidMessage(id, -32600, message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"} {}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":\"\t\"}",
                "{}\u0000",
                "\u0000",
                "\u0000{}",
                "// {}",
                "\uFEFF",
                "Content-Length: 20"
            })
    void invalidJsonIsAParseError(String line) {
        checkParseError(line.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7b2261223a22ff227d",
                "7b2261223a22c3227d",
                "7b2261223a22eda080227d",
                "ff",
                "0000007b7fffffff",
                "7b0000007fffffff"
            })
    void invalidUtf8IsAParseError(String hex) {
        checkParseError(HexFormat.of().parseHex(hex));
    }

    /** Jackson confuses the second of these names with the first, which it has cached. */
    @Test
    void nameThatIsNotUtf8IsNotConfusedWithAnother() {
        String line = "{\"id\":\"a\",\"method\":\"ping\",\"jsonrpc\":\"2.0\",\"\u00FFid\":-1.5}";
        checkParseError(line.getBytes(ISO_8859_1));
    }

    @Test
    void noOtherEncodingIsDetected() {
        for (Charset charset : List.of(UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("UTF-32LE"))) {
            checkParseError("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}".getBytes(charset));
        }
    }

    @Test
    void idIsRecoveredOnlyIfItIsComplete() {
        byte[] line =
                "{\"jsonrpc\":\"2.0\",\"a\\u0062\":{\"id\":5},\"\\u0069d\":\"1\\n2\",\"method\":\"m\"}".getBytes(UTF_8);
        int end = new String(line, UTF_8).indexOf("\",\"method") + 1;
        for (int length = 0; length <= line.length; length++) {
            byte[] beginning = Arrays.copyOf(line, length);
            assertThat(MessageParser.recoverId(new LineReader.Line(beginning, 0, length, LineReader.Extent.TOO_LONG)))
                    .isEqualTo(length <= end ? "null" : "\"1\\n2\"");
        }
    }

    @Property(tries = 3000)
    void recoveredIdIsAStringOrANumberWhateverTheLineHolds(@ForAll("lines") byte[] line) throws IOException {
        JsonNode id = JSON.readTree(
                MessageParser.recoverId(new LineReader.Line(line, 0, line.length, LineReader.Extent.TOO_LONG)));

        assertThat(id.isNull() || id.isTextual() || id.isNumber()).isTrue();
    }

    @Property(tries = 3000)
    void anyBytesAreEitherAMessageOrRefused(@ForAll("lines") byte[] line) throws IOException {
        IncomingMessage incoming = read(line);

        if (incoming instanceof IncomingMessage.Request request) {
            JsonNode message = JSON.readTree(new String(line, UTF_8).replace("\uFEFF", ""));
            assertThat(request)
                    .isEqualTo(new IncomingMessage.Request(
                            message.get("id"),
                            request.rawId(),
                            message.path("method").textValue(),
                            message.path("params")));
            assertThat(JSON.readTree(request.rawId())).isEqualTo(message.get("id"));
        } else if (incoming instanceof IncomingMessage.InvalidMessage wrong) {
            assertThat(wrong.code()).isIn(-32700, -32600);
            assertThat(JSON.readTree(wrong.rawId()).isContainerNode()).isFalse();
            assertThat(wrong.message()).hasSizeBetween(10, 300);
        }
    }

    /** Messages with a few bytes replaced. */
    @Provide
    Arbitrary<byte[]> lines() {
        Arbitrary<String> messages = Arbitraries.of(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"a\":[1,null]}}",
                "{\"id\":\"\\u00e9\",\"method\":\"ping\",\"jsonrpc\":\"2.0\",\"id\":-1.5}",
                "\uFEFF{\"jsonrpc\":\"2.0\",\"method\":\"x\"}",
                "");
        Arbitrary<byte[]> others = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(4),
                Arbitraries.strings()
                        .withChars("{}[]\",:\\0 \u0000")
                        .ofMaxLength(2)
                        .map(text -> text.getBytes(UTF_8)));
        return Combinators.combine(
                        messages,
                        others,
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(0, 3))
                .as((message, other, place, lost) -> {
                    byte[] bytes = message.getBytes(UTF_8);
                    int from = bytes.length * place / 100;
                    int rest = Math.min(bytes.length, from + lost);
                    byte[] line = new byte[from + other.length + bytes.length - rest];
                    System.arraycopy(bytes, 0, line, 0, from);
                    System.arraycopy(other, 0, line, from, other.length);
                    System.arraycopy(bytes, rest, line, from + other.length, bytes.length - rest);
                    return line;
                });
    }

    private static void checkParseError(byte[] line) {
        assertThat(read(line)).isInstanceOfSatisfying(IncomingMessage.InvalidMessage.class, wrong -> {
            assertThat(wrong.rawId()).isEqualTo("null");
            assertThat(wrong.code()).isEqualTo(-32700);
            assertThat(wrong.message())
                    .startsWith("Not ")
                    .endsWith(" Send one message per line.")
                    .hasSizeLessThan(300);
        });
    }

    private static IncomingMessage read(String line) {
        return read(line.getBytes(UTF_8));
    }

    /** Reads a line from the middle of a buffer. */
    private static IncomingMessage read(byte[] line) {
        byte[] buffer = new byte[line.length + 4];
        System.arraycopy(line, 0, buffer, 2, line.length);
        buffer[0] = '{';
        buffer[line.length + 2] = '}';
        return MessageParser.read(new LineReader.Line(buffer, 2, line.length, LineReader.Extent.WHOLE));
    }
}

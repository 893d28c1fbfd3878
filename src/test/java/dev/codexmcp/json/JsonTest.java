package dev.codexmcp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "plain é€, plain é€",
        "\\ud83d\\ude00, \\ud83d\\ude00",
        "\\ud83d, \\ufffd",
        "\\ude00, \\ufffd",
        "a\\ud83db, a\\ufffdb",
        "\\ude00\\ud83d, \\ufffd\\ufffd",
        "\\ud83d\\ud83d\\ude00, \\ufffd\\ud83d\\ude00",
        "\\ud83d\\ude00\\ude00, \\ud83d\\ude00\\ufffd",
        "x\\ud83d, x\\ufffd",
    })
    void replacesUnpairedSurrogatesAndKeepsPairs(String text, String expected) throws IOException {
        assertThat(Json.wellFormed(unescaped(text))).isEqualTo(unescaped(expected));
    }

    @Property
    void textThatUtf8CanCarryIsLeftAsItIsAndAllOtherIsMadeSo(@ForAll String text) {
        boolean carried = UTF_8.newEncoder().canEncode(text);
        String mended = Json.wellFormed(text);

        assertThat(UTF_8.newEncoder().canEncode(mended)).isTrue();
        assertThat(mended).hasSameSizeAs(text);
        assertThat(mended.equals(text)).isEqualTo(carried);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "`\"a\\nb\"`, `a\nb`",
                "`\"\"`, ``",
                "5, none",
                "null, none",
                "`{\"a\":1}`, none",
                "`[\"a\"]`, none",
                "``, none"
            })
    void decodesAStringAndRejectsAnythingElse(String json, @Nullable String expected) {
        byte[] bytes = ("  " + json).getBytes(UTF_8);

        assertThat(Json.string(bytes, 2, bytes.length - 2)).isEqualTo(expected);
    }

    @Property(tries = 300)
    void writesSupplementaryCharactersAcrossBufferBoundaries(
            @ForAll @IntRange(max = 9000) int before, @ForAll @IntRange(min = 1, max = 3000) int emoji)
            throws IOException {
        String text = "x".repeat(before) + "😀".repeat(emoji);
        Utf8Buffer escaped = new Utf8Buffer(16);

        byte[] plain = Json.bytes(json -> json.writeString(text));
        Json.write(new JsonStringStream(escaped), json -> json.writeString(text));

        assertThat(new String(plain, UTF_8)).isEqualTo('"' + text + '"');
        assertThat(JSON.readValue('"' + new String(escaped.toByteArray(), UTF_8) + '"', String.class))
                .isEqualTo('"' + text + '"');
    }

    @Test
    void leavesTheStreamOpen() {
        boolean[] closed = {false};
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        Json.write(out, json -> json.writeNumber(1));

        assertThat(out.toString(UTF_8)).isEqualTo("1");
        assertThat(closed[0]).isFalse();
    }

    private static String unescaped(String text) throws IOException {
        return JSON.readValue('"' + text + '"', String.class);
    }
}

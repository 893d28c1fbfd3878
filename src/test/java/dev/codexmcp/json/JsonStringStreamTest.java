package dev.codexmcp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonStringStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void usesTheShortestEscapeForEveryAsciiCharacter() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x80; c++) {
            all.append(c);
        }
        assertThat(escaped(all.toString().getBytes(UTF_8)))
                .isEqualTo(
                        "\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
                                + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d"
                                + "\\u001e\\u001f !\\\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`"
                                + "abcdefghijklmnopqrstuvwxyz{|}~\u007f");
    }

    @Test
    void copiesCharactersOfEveryLength() {
        String text = "a\u0080é\u07ff\u0800€\ud7ff\ue000\uffff𐀀😀\udbff\udfff";

        assertThat(escaped(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "a continuation byte alone, 80, ?",
        "the last continuation byte alone, bf, ?",
        "an overlong slash in two bytes, c0af, ??",
        "an overlong 0x7F in two bytes, c1bf, ??",
        "an overlong slash in three bytes, e080af, ???",
        "the highest overlong form in three bytes, e09fbf, ???",
        "the highest overlong form in four bytes, f08fbfbf, ????",
        "the lowest surrogate, eda080, ???",
        "the highest surrogate, edbfbf, ???",
        "a pair of surrogates (CESU-8), eda0bdedb880, ??????",
        "the first code point past U+10FFFF, f4908080, ????",
        "a first byte of a five byte form, f888808080, ?????",
        "0xFE, fe, ?",
        "0xFF, ff, ?",
        "two bytes truncated, c3, ?",
        "two bytes truncated by ASCII, c341, ?A",
        "three bytes truncated after two, e282, ??",
        "three bytes truncated by a quote, e28222, ??\\\"",
        "four bytes truncated after three, f09f98, ???",
        "four bytes truncated by a character, f09f98c3a9, ???é",
        "a first byte before a valid character, c3c3a9, ?é",
    })
    void replacesEachInvalidByteWithOneReplacementCharacter(String what, String hex, String expected) {
        assertThat(escaped(HexFormat.of().parseHex(hex))).as(what).isEqualTo(expected.replace('?', '\uFFFD'));
    }

    @Test
    void countsBytesBeforeEscaping() {
        JsonStringStream stream = new JsonStringStream(new Utf8Buffer(4));

        stream.write("\"é\"\n".getBytes(UTF_8), 0, 5);
        stream.write('"');

        assertThat(stream.written()).isEqualTo(6);
    }

    @Test
    void writesOnlyTheGivenRange() {
        Utf8Buffer out = new Utf8Buffer(4);

        new JsonStringStream(out).write("aéb\"cé".getBytes(UTF_8), 1, 4);

        assertThat(out.toByteArray()).isEqualTo("éb\\\"".getBytes(UTF_8));
    }

    @Property
    void theOutputDecodesToTheTextWithInvalidBytesReplaced(@ForAll("bytes") byte[] bytes) throws IOException {
        String read = JSON.readValue("\"" + escaped(bytes) + "\"", String.class);

        // A decoder may replace an invalid run by one U+FFFD or by several.
        assertThat(squeezed(read)).isEqualTo(squeezed(new String(bytes, UTF_8)));
    }

    @Property
    void textInGoodUtf8IsTheSameHoweverItIsCutBetweenCharacters(@ForAll List<String> pieces) throws IOException {
        Utf8Buffer out = new Utf8Buffer(1);
        JsonStringStream stream = new JsonStringStream(out);
        StringBuilder whole = new StringBuilder();
        for (String piece : pieces) {
            byte[] bytes = Json.wellFormed(piece).getBytes(UTF_8);
            stream.write(bytes, 0, bytes.length);
            whole.append(Json.wellFormed(piece));
        }

        assertThat(JSON.readValue("\"" + new String(out.toByteArray(), UTF_8) + "\"", String.class))
                .isEqualTo(whole.toString());
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(12);
        Arbitrary<byte[]> likely = Arbitraries.of(
                        0x22, 0x5c, 0x0a, 0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef,
                        0xf0, 0xf4, 0xf5, 0xff)
                .map(Integer::byteValue)
                .array(byte[].class)
                .ofMaxSize(10);
        return Arbitraries.oneOf(any, likely);
    }

    /** The output, which must be valid UTF-8. */
    private static String escaped(byte[] bytes) {
        Utf8Buffer out = new Utf8Buffer(1);
        new JsonStringStream(out).write(bytes, 0, bytes.length);
        try {
            // Unlike new String(), this fails on an invalid byte.
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8", e);
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("\uFFFD+", "\uFFFD");
    }
}

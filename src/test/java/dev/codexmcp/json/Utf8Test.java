package dev.codexmcp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class Utf8Test {
    private static boolean decodes(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Property
    void agreesWithTheJdk(@ForAll("bytes") byte[] bytes) {
        assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(decodes(bytes));
    }

    @Property
    void acceptsAnyTextAndReadsOnlyTheGivenRange(@ForAll String text) {
        byte[] encoded = text.getBytes(UTF_8);
        byte[] among = new byte[encoded.length + 2];
        among[0] = (byte) 0xFF;
        System.arraycopy(encoded, 0, among, 1, encoded.length);
        among[encoded.length + 1] = (byte) 0x80;

        assertThat(Utf8.isValid(among, 1, encoded.length)).isTrue();
    }

    /** Sequences of the bytes at which the rules for sequences change. */
    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.of(
                        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
                        0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF)
                .map(Integer::byteValue)
                .array(byte[].class)
                .ofMaxSize(8);
    }
}

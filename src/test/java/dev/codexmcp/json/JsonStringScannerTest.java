package dev.codexmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JsonStringScannerTest {
    private static boolean ends(byte b) {
        return b == '"' || b == '\\' || (b >= 0 && b < ' ');
    }

    /** Finds the end of a run by its definition, byte by byte. */
    private static int end(byte[] bytes, int from, int to, boolean asciiOnly) {
        int i = from;
        while (i < to && !ends(bytes[i]) && !(asciiOnly && bytes[i] < 0)) {
            i++;
        }
        return i;
    }

    @Test
    void findsEveryByteAtEveryPositionOfAWord() {
        for (int value = 0; value < 256; value++) {
            for (int place = 0; place < 24; place++) {
                byte[] bytes = new byte[24];
                Arrays.fill(bytes, (byte) 'x');
                bytes[place] = (byte) value;
                for (int from = 0; from <= place; from++) {
                    String which = value + " at " + place + " seen from " + from;
                    assertThat(JsonStringScanner.end(bytes, from, 24)).as(which).isEqualTo(end(bytes, from, 24, false));
                    assertThat(JsonStringScanner.asciiEnd(bytes, from, 24))
                            .as(which)
                            .isEqualTo(end(bytes, from, 24, true));
                }
            }
        }
    }

    @Property
    void agreesWithABytewiseScanOnAnyBytes(
            @ForAll("bytes") byte[] bytes,
            @ForAll @IntRange(max = 100) int first,
            @ForAll @IntRange(max = 100) int last) {
        int from = Math.min(first, bytes.length);
        int to = Math.max(from, Math.min(last, bytes.length));

        assertThat(JsonStringScanner.end(bytes, from, to)).isEqualTo(end(bytes, from, to, false));
        assertThat(JsonStringScanner.asciiEnd(bytes, from, to)).isEqualTo(end(bytes, from, to, true));
    }

    /** Bytes that word arithmetic could mistake for the end of a run, next to real ones. */
    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<Byte> near = Arbitraries.of(
                (byte) 0x1F,
                (byte) ' ',
                (byte) '!',
                (byte) '"',
                (byte) '#',
                (byte) '[',
                (byte) '\\',
                (byte) ']',
                (byte) 0x7F,
                (byte) 0x80,
                (byte) 0xA0,
                (byte) 0xA2,
                (byte) 0xDC,
                (byte) 0xFF,
                (byte) 0);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(5, Arbitraries.just((byte) 'a')),
                        net.jqwik.api.Tuple.of(2, near),
                        net.jqwik.api.Tuple.of(1, Arbitraries.bytes()))
                .array(byte[].class)
                .ofMaxSize(100);
    }
}

package dev.codexmcp.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailBufferTest {
    @Test
    void keepsNothingOfASilentStream() {
        TailBuffer tail = new TailBuffer(100);

        assertThat(tail.text()).isEmpty();
        tail.ended();
        assertThat(tail.text()).isEmpty();
    }

    @Property(tries = 500)
    void keepsTheLastBytesInOrderForAnyChunkSizes(
            @ForAll @IntRange(min = 1, max = 40_000) int limit,
            @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 8192) Integer> pieces,
            @ForAll boolean ended) {
        TailBuffer tail = new TailBuffer(limit);
        String all = fill(tail, pieces);
        if (ended) {
            tail.ended();
        }

        assertThat(tail.text()).isEqualTo(all.substring(Math.max(0, all.length() - limit)));
    }

    @Test
    void continuesAfterTheTextHasBeenRead() {
        TailBuffer tail = new TailBuffer(10_000);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            all.append(fill(tail, List.of(700 + i)));

            assertThat(tail.text()).isEqualTo(all.substring(Math.max(0, all.length() - 10_000)));
        }
    }

    @Test
    void alwaysProvidesRoomToReadInto() {
        TailBuffer tail = new TailBuffer(3);
        for (int i = 0; i < 5; i++) {
            assertThat(tail.room().remaining()).isPositive();
            fill(tail, List.of(8192));
        }
        tail.ended();

        assertThat(tail.room().remaining()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "a whole character, c3a961, éa",
        "the second of two bytes, a961, a",
        "the last two of three bytes, 82ac61, a",
        "the last three of four bytes, 9f988061, a",
        "more than any partial character has, 9f98809f61, ?a",
        "only the rest of a character, 9f9880, ''",
        "an invalid byte in the middle, 61ff62, a?b",
        "a truncated character at the end, 61e282, a?",
    })
    void textStartsWithTheFirstWholeCharacterAndReplacesInvalidBytes(String what, String hex, String text) {
        assertThat(TailBuffer.text(HexFormat.of().parseHex(hex))).as(what).isEqualTo(text.replace('?', '\uFFFD'));
    }

    @Test
    void aFullBufferStartsWithAWholeCharacter() {
        TailBuffer tail = new TailBuffer(1000);
        put(tail, "€".repeat(500).getBytes(UTF_8));

        assertThat(tail.text()).isEqualTo("€".repeat(333));
    }

    /** Writes bytes in chunks of these sizes and returns them all. */
    private static String fill(TailBuffer tail, List<Integer> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int value = 0;
        for (int piece : pieces) {
            byte[] bytes = new byte[piece];
            for (int i = 0; i < piece; i++) {
                bytes[i] = (byte) (' ' + value++ % 95);
            }
            put(tail, bytes);
            all.writeBytes(bytes);
        }
        return all.toString(UTF_8);
    }

    private static void put(TailBuffer tail, byte[] bytes) {
        int from = 0;
        while (from < bytes.length) {
            ByteBuffer room = tail.room();
            int count = Math.min(room.remaining(), bytes.length - from);
            room.put(Arrays.copyOfRange(bytes, from, from + count));
            tail.filled(count);
            from += count;
        }
    }
}

package dev.codexmcp.job.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.json.ByteSlice;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ByteLogTest {
    /** The position of the first chunk boundary; later ones are further apart. */
    private static final int FIRST = new ByteLog().room().remaining();

    private static final int SOME_CHUNKS = 100 * FIRST;

    @Test
    void aSliceHoldsItsBytesWhereverItStarts() {
        ByteLog log = filled(3_000_000);
        List<Integer> places =
                List.of(0, 1, FIRST - 1, FIRST, FIRST + 1, 5 * FIRST, 5 * FIRST + 1, 300_000, 2_999_999, 3_000_000);
        for (boolean trimmed : List.of(false, true)) {
            if (trimmed) {
                log.trim();
            }
            for (int start : places) {
                for (int end : places.subList(places.indexOf(start), places.size())) {
                    assertThat(log.slice(start, end).toByteArray())
                            .as("%s to %s, trimmed: %s", start, end, trimmed)
                            .isEqualTo(bytes(start, end));
                }
            }
        }
    }

    @Property(tries = 300)
    void aSliceHoldsItsBytesHoweverTheyWereAppended(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 70_000) Integer> pieces,
            @ForAll @IntRange(max = 1000) int from,
            @ForAll @IntRange(max = 1000) int to,
            @ForAll boolean trimmed) {
        ByteLog log = new ByteLog();
        pieces.forEach(piece -> append(log, piece));
        if (trimmed) {
            log.trim();
        }
        int length = pieces.stream().mapToInt(Integer::intValue).sum();
        int start = (int) ((long) length * Math.min(from, to) / 1000);
        int end = (int) ((long) length * Math.max(from, to) / 1000);

        assertThat(log.length()).isEqualTo(length);
        assertThat(log.slice(start, end).toByteArray()).isEqualTo(bytes(start, end));
    }

    @Test
    void aSliceWithinOneChunkIsNotCopied() {
        ByteLog log = filled(FIRST + 100);

        ByteSlice one = log.slice(10, FIRST);
        assertThat(log.slice(0, 20).array()).isSameAs(one.array());
        assertThat(one).isEqualTo(new ByteSlice(one.array(), 10, FIRST - 10));
        assertThat(log.slice(FIRST - 1, FIRST + 1).array()).hasSize(2);
    }

    @Test
    void aSliceStaysTheSameWhenTheLogGrows() {
        ByteLog log = filled(100);
        ByteSlice early = log.slice(0, 100);
        append(log, SOME_CHUNKS);
        log.trim();

        assertThat(early.toByteArray()).isEqualTo(bytes(0, 100));
    }

    @Test
    void roomIsTheSameIfAskedForTwice() {
        ByteLog log = filled(100);

        assertThat(log.room()).isEqualTo(log.room());
        assertThat(log.room().array()).isSameAs(log.room().array());
        assertThat(log.room().position()).isEqualTo(100);
        assertThat(log.length()).isEqualTo(100);
    }

    @Test
    void aTrimmedLogUsesNoExtraMemory() {
        ByteLog log = filled(FIRST + 100);
        log.trim();

        assertThat(log.slice(0, 1).array()).hasSize(FIRST);
        assertThat(log.slice(FIRST, FIRST + 100).array()).hasSize(100);
        assertThat(log.length()).isEqualTo(FIRST + 100);
    }

    @Test
    void anEmptyLogCanBeTrimmed() {
        ByteLog log = new ByteLog();
        log.trim();

        assertThat(log.length()).isZero();
        assertThat(log.room().remaining()).isPositive();
    }

    private static ByteLog filled(int length) {
        ByteLog log = new ByteLog();
        append(log, length);
        return log;
    }

    private static void append(ByteLog log, int count) {
        int left = count;
        while (left > 0) {
            ByteBuffer room = log.room();
            int part = Math.min(left, room.remaining());
            room.put(bytes((int) log.length(), (int) log.length() + part));
            log.filled(part);
            left -= part;
        }
    }

    /** Bytes that identify their position, with a period that fits no chunk. */
    private static byte[] bytes(int start, int end) {
        byte[] bytes = new byte[end - start];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((start + i) % 251);
        }
        return bytes;
    }
}

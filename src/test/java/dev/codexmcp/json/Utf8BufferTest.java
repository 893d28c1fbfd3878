package dev.codexmcp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8BufferTest {
    @Test
    void keepsTheOrderOfAllWrites() throws IOException {
        Utf8Buffer buffer = new Utf8Buffer(0);
        buffer.write('a');
        buffer.write("xbcx".getBytes(UTF_8), 1, 2);
        buffer.append("é😀").append("!".getBytes(UTF_8));
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        buffer.writeTo(copy);

        assertThat(new String(buffer.toByteArray(), UTF_8)).isEqualTo("abcé😀!");
        assertThat(copy.toByteArray()).isEqualTo(buffer.toByteArray());
        assertThat(buffer.length()).isEqualTo(10);
    }

    @Test
    void continuesWhereItWasTruncated() {
        Utf8Buffer buffer = new Utf8Buffer(2).append("kept and lost");

        buffer.truncate(4);
        assertThat(new String(buffer.toByteArray(), UTF_8)).isEqualTo("kept");
        buffer.append(", new");

        assertThat(new String(buffer.toByteArray(), UTF_8)).isEqualTo("kept, new");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4})
    void rejectsTruncationToAnInvalidLength(int length) {
        Utf8Buffer buffer = new Utf8Buffer(8).append("abc");

        assertThatThrownBy(() -> buffer.truncate(length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot truncate 3 bytes to " + length);
        assertThat(new String(buffer.toByteArray(), UTF_8)).isEqualTo("abc");
    }

    @Property(tries = 200)
    void truncationKeepsTheFirstBytesAtAnyCapacity(
            @ForAll byte[] bytes, @ForAll @IntRange(max = 20) int capacity, @ForAll @IntRange(max = 100) int percent) {
        Utf8Buffer buffer = new Utf8Buffer(capacity).append(bytes);
        int length = bytes.length * percent / 100;

        buffer.truncate(length);

        assertThat(buffer.toByteArray()).isEqualTo(java.util.Arrays.copyOf(bytes, length));
    }
}

package dev.codexmcp.mcp.stdio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
    private static final String TOO_LONG = "<too long>";

    /** A stream that returns pieces of these sizes, repeatedly, and counts the reads. */
    private static final class Pieces extends InputStream {
        private final ByteArrayInputStream bytes;
        private final List<Integer> sizes;
        private int reads;

        Pieces(byte[] bytes, List<Integer> sizes) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.sizes = sizes;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("single bytes are too slow");
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            assertThat(length).isPositive();
            return bytes.read(target, offset, Math.min(length, sizes.get(reads++ % sizes.size())));
        }
    }

    @Property(tries = 2000)
    void linesDoNotDependOnHowTheStreamIsSplit(
            @ForAll("streams") String stream,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 9) Integer> sizes,
            @ForAll @IntRange(max = 12) int maxLine)
            throws IOException {
        byte[] bytes = stream.getBytes(ISO_8859_1);

        assertThat(read(new LineReader(new Pieces(bytes, sizes), maxLine))).isEqualTo(expected(stream, maxLine));
        assertThat(read(new LineReader(new Pieces(bytes, List.of(1)), maxLine))).isEqualTo(expected(stream, maxLine));
        assertThat(read(new LineReader(new ByteArrayInputStream(bytes), maxLine)))
                .isEqualTo(expected(stream, maxLine));
    }

    @Property(tries = 500)
    void aWaitingLineIsReturnedWithoutReadingTheStream(
            @ForAll("streams") String stream,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 9) Integer> sizes)
            throws IOException {
        Pieces pieces = new Pieces(stream.getBytes(ISO_8859_1), sizes);
        LineReader reader = new LineReader(pieces, 5);
        assertThat(reader.lineWaiting()).isFalse();
        for (LineReader.Line line = reader.next(); line != null; ) {
            boolean waiting = reader.lineWaiting();
            int reads = pieces.reads;
            line = reader.next();

            assertThat(line == null || pieces.reads > reads || waiting).isTrue();
            assertThat(waiting && (line == null || pieces.reads > reads)).isFalse();
        }
    }

    @Property(tries = 60)
    void longLinesBetweenShortOnesAreReadWhole(
            @ForAll @Size(max = 6) List<@IntRange(max = 200_000) Integer> lengths,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1000, max = 100_000) Integer> sizes)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (int length : lengths) {
            lines.add("0123456789abcdefghijklmnopqrstuvwxyz!"
                    .repeat(length / 37 + 1)
                    .substring(0, length));
            lines.add("short");
        }
        String stream = String.join("\n", lines);
        LineReader reader = new LineReader(new Pieces(stream.getBytes(ISO_8859_1), sizes));

        assertThat(read(reader)).isEqualTo(expected(stream, LineReader.MAX_LINE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 65_536})
    void anOverlongLineIsDroppedAndTheNextOneIsRead(int piece) throws IOException {
        String stream = "x".repeat(100_000) + "\r\nnext\n" + "y".repeat(100_001) + "\n\n" + "z".repeat(200_000);

        assertThat(read(new LineReader(new Pieces(stream.getBytes(UTF_8), List.of(piece)), 100_000)))
                .isEqualTo(List.of(TOO_LONG, "next", TOO_LONG, "", TOO_LONG));
    }

    @Test
    void theBeginningOfAnOverlongLineIsKept() throws IOException {
        LineReader reader =
                new LineReader(new ByteArrayInputStream(("abcdef".repeat(50_000) + "\nghijkl\n").getBytes(UTF_8)), 5);

        assertThat(beginning(reader)).hasSize(1024).startsWith("abcdefabc");
        assertThat(beginning(reader)).isEqualTo("ghijkl");
        assertThat(reader.next()).isNull();
    }

    /** The beginning of the next line, which is too long. */
    private static String beginning(LineReader reader) throws IOException {
        LineReader.Line line = Objects.requireNonNull(reader.next());
        assertThat(line.extent()).isEqualTo(LineReader.Extent.TOO_LONG);
        return new String(line.bytes(), line.offset(), line.length(), UTF_8);
    }

    @Test
    void aLineOfTheMaximumLengthIsReadWhole() throws IOException {
        String stream = "x".repeat(100_000) + "\n" + "y".repeat(99_999) + "\r\nnext";

        assertThat(read(new LineReader(new ByteArrayInputStream(stream.getBytes(UTF_8)), 100_000)))
                .isEqualTo(List.of("x".repeat(100_000), "y".repeat(99_999), "next"));
    }

    @Test
    void eofIsFinal() throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream("a".getBytes(UTF_8)));

        assertThat(read(reader)).isEqualTo(List.of("a"));
        assertThat(reader.next()).isNull();
        assertThat(reader.lineWaiting()).isFalse();
    }

    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.strings().withChars("ab\n\r\n\u00ff\u0000").ofMaxLength(60);
    }

    private static List<String> read(LineReader reader) throws IOException {
        List<String> lines = new ArrayList<>();
        for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
            lines.add(
                    line.extent() != LineReader.Extent.WHOLE
                            ? TOO_LONG
                            : new String(line.bytes(), line.offset(), line.length(), ISO_8859_1));
        }
        return lines;
    }

    private static List<String> expected(String stream, int maxLine) {
        List<String> lines = new ArrayList<>(List.of(stream.split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        lines.replaceAll(line ->
                line.length() > maxLine ? TOO_LONG : line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        return lines;
    }
}

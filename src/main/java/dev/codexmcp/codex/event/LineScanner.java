package dev.codexmcp.codex.event;

/**
 * Cuts a worker's output into lines and determines each line's kind, in one pass over bytes that arrive in any pieces. It
 * keeps no text: what it holds between two pieces is a state, the nesting, and up to 32 bytes of the string it is reading.
 * A line of any length, nesting or content costs it no memory and never stops it.
 *
 * <p>{@link JsonSyntax} checks the line's bytes and reports its names and values to a {@link KindDetector}. Not thread-safe.
 */
public final class LineScanner {
    /** Takes each line that holds anything but white space. */
    @FunctionalInterface
    public interface Sink {
        /**
         * A line has ended.
         *
         * @param start where the line's first byte stands in the stream
         * @param kind what the line reports
         */
        void line(long start, CodexEventKind kind);
    }

    private final Sink sink;
    private final KindDetector detector = new KindDetector();
    private final JsonSyntax syntax = new JsonSyntax(detector);
    private long position;
    private long lineStart;

    public LineScanner(Sink sink) {
        this.sink = sink;
    }

    /** Takes the next {@code length} bytes of the stream. */
    public void scan(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = syntax.scan(bytes, offset, end);
        while (i < end) {
            endLine();
            i++;
            lineStart = position + (i - offset);
            i = syntax.scan(bytes, i, end);
        }
        position += length;
    }

    /** The stream has ended: what came after the last line feed is a line too. */
    public void finish() {
        endLine();
        lineStart = position;
    }

    /** Where the line that is being read begins: all lines before it have been passed to the sink. */
    public long lineStart() {
        return lineStart;
    }

    private void endLine() {
        if (!syntax.isBlank()) {
            sink.line(lineStart, syntax.isComplete() ? detector.kind() : CodexEventKind.MALFORMED);
            detector.reset();
        }
        syntax.reset();
    }
}

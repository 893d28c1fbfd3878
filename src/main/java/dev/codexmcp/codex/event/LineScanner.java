package dev.codexmcp.codex.event;

/**
 * Splits a worker's output into lines and determines each line's kind, in one pass over chunks of any size. Between
 * chunks it keeps only its state, the nesting, and up to 32 bytes of the current string, so a line's length costs no
 * memory and no content can stop it.
 *
 * <p>{@link JsonSyntax} checks the line's bytes and reports its names and values to a {@link KindDetector}. Not
 * thread-safe.
 */
public final class LineScanner {
    /** Receives each line that is not blank. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Called at the end of a line.
         *
         * @param start the offset of the line's first byte in the stream
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

    /** Scans the next {@code length} bytes of the stream. */
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

    /** Ends the stream. Anything after the last line feed is a line too. */
    public void finish() {
        endLine();
        lineStart = position;
    }

    /** The offset of the current line. All earlier lines have been passed to the sink. */
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

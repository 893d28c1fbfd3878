package dev.codexmcp.mcp.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines from a stream of bytes. A line ends at a line feed or at EOF; a carriage return before the line feed is
 * not part of it. Of a line longer than {@link #MAX_LINE}, or too long for the heap, only the beginning is kept, and
 * the line says so. Not thread-safe.
 */
public final class LineReader {
    /** In bytes. Far above any sensible message: the CLI takes a prompt of at most a million characters. */
    public static final int MAX_LINE = 64 * 1024 * 1024;

    /** How many bytes to keep of a dropped line: enough for the id of most requests. */
    private static final int BEGINNING = 1024;

    private static final int READ = 64 * 1024;

    private final InputStream in;
    private final int maxLine;
    private final byte[] usual = new byte[READ];
    private byte[] buffer = usual;
    private int start;
    private int searched;
    private int end;

    /** Not {@code WHOLE} while the current line is being dropped. */
    private Extent extent = Extent.WHOLE;

    private final byte[] beginning = new byte[BEGINNING];
    private int beginningLength;

    /** How much of a line there is. */
    public enum Extent {
        WHOLE,
        /** The beginning: the line was longer than {@link #MAX_LINE}. */
        TOO_LONG,
        /** The beginning: the heap has no room for the line. */
        TOO_LONG_FOR_HEAP
    }

    /** A line's bytes, valid until the next one is asked for. */
    public record Line(byte[] bytes, int offset, int length, Extent extent) {
        public Line {
            Objects.checkFromIndexSize(offset, length, bytes.length);
        }
    }

    public LineReader(InputStream in) {
        this(in, MAX_LINE);
    }

    LineReader(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
    }

    /** Whether a whole line has been read already, so that {@link #next} will not block. */
    public boolean lineWaiting() {
        return extent == Extent.WHOLE && find() >= 0;
    }

    /** The next line, or null at EOF. */
    @Nullable
    public Line next() throws IOException {
        while (true) {
            int lineFeed = find();
            if (lineFeed >= 0) {
                Line line = line(lineFeed);
                start = lineFeed + 1;
                searched = start;
                return line;
            }
            if (end - start > maxLine) {
                drop(Extent.TOO_LONG, end);
            }
            makeRoom();
            int count = in.read(buffer, end, Math.min(READ, buffer.length - end));
            if (count < 0) {
                if (start == end && extent == Extent.WHOLE) {
                    return null;
                }
                Line last = line(end);
                start = end;
                searched = end;
                return last;
            }
            end += count;
        }
    }

    private Line line(int lineEnd) {
        int length = lineEnd - start;
        if (length > maxLine) {
            drop(Extent.TOO_LONG, lineEnd);
        }
        if (extent != Extent.WHOLE) {
            Line line = new Line(beginning, 0, beginningLength, extent);
            extent = Extent.WHOLE;
            return line;
        }
        if (length > 0 && buffer[lineEnd - 1] == '\r') {
            length--;
        }
        return new Line(buffer, start, length, Extent.WHOLE);
    }

    /** Discards what has been read of this line, up to {@code lineEnd}, except its beginning. */
    private void drop(Extent why, int lineEnd) {
        if (extent == Extent.WHOLE) {
            extent = why;
            beginningLength = Math.min(BEGINNING, lineEnd - start);
            System.arraycopy(buffer, start, beginning, 0, beginningLength);
        }
        start = end;
        searched = end;
    }

    /** The position of the next line feed, or -1. Looks at each byte once. */
    private int find() {
        while (searched < end) {
            if (buffer[searched] == '\n') {
                return searched;
            }
            searched++;
        }
        return -1;
    }

    private void makeRoom() {
        if (extent != Extent.WHOLE) {
            start = end;
            searched = end;
        }
        if (start != end && buffer.length - end < READ / 2) {
            moveToBeginning(end - start);
        }
        if (start == end) {
            start = 0;
            searched = 0;
            end = 0;
            buffer = usual; // free the memory of a long line
        }
    }

    /** Moves the line to the beginning of this buffer or, if it fills the buffer, of a longer one. */
    private void moveToBeginning(int length) {
        byte[] target = buffer;
        if (length + READ > buffer.length) {
            try {
                target = new byte[Math.max(length + READ, (int) Math.min(length * 2L, (long) maxLine + READ))];
            } catch (OutOfMemoryError e) {
                drop(Extent.TOO_LONG_FOR_HEAP, end);
                return;
            }
        }
        System.arraycopy(buffer, start, target, 0, length);
        buffer = target;
        searched -= start;
        start = 0;
        end = length;
    }
}

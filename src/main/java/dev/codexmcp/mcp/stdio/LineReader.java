package dev.codexmcp.mcp.stdio;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines from a stream of bytes that come in any pieces. A line is what stands before a line feed, or before the end of
 * the stream; a carriage return before the line feed does not count. What is longer than {@link #MAX_LINE} is read and
 * dropped, and reported as such. Not thread-safe.
 */
public final class LineReader {
    /** Far above any message that means something: the CLI takes a prompt of a million characters. */
    public static final int MAX_LINE = 64 * 1024 * 1024;

    private static final int READ = 64 * 1024;

    private final InputStream in;
    private final int maxLine;
    private byte[] buffer = new byte[READ];
    private int start;
    private int searched;
    private int end;
    private boolean dropping;

    /**
     * A line's bytes, valid until the next one is asked for.
     *
     * @param tooLong whether the line was longer than {@link #MAX_LINE}; then it holds nothing
     */
    public record Line(byte[] bytes, int offset, int length, boolean tooLong) {}

    public LineReader(InputStream in) {
        this(in, MAX_LINE);
    }

    public LineReader(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
    }

    /** Whether a whole line is here already, so that {@link #next} will not wait. */
    public boolean lineWaiting() {
        return !dropping && find() >= 0;
    }

    /** The next line, or null at the end of the stream. */
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
                dropping = true;
            }
            if (dropping) {
                start = end;
                searched = end;
            }
            makeRoom();
            int count = in.read(buffer, end, Math.min(READ, buffer.length - end));
            if (count < 0) {
                if (start == end && !dropping) {
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
        if (dropping || length > maxLine) {
            dropping = false;
            return new Line(buffer, 0, 0, true);
        }
        if (length > 0 && buffer[lineEnd - 1] == '\r') {
            length--;
        }
        return new Line(buffer, start, length, false);
    }

    /** Where the next line feed is, or -1. No byte is looked at twice. */
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
        if (start == end) {
            start = 0;
            searched = 0;
            end = 0;
            if (buffer.length > READ) {
                buffer = new byte[READ]; // one long line is no reason to keep its memory
            }
        } else if (buffer.length - end < READ / 2) {
            int length = end - start;
            byte[] target = length + READ > buffer.length ? new byte[Math.max(length + READ, length * 2)] : buffer;
            System.arraycopy(buffer, start, target, 0, length);
            buffer = target;
            searched -= start;
            start = 0;
            end = length;
        }
    }
}

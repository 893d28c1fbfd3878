package dev.codexmcp.json;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Escapes everything written to it as the content of a JSON string, so that a result that carries JSON as text needs no
 * intermediate copy. Invalid UTF-8 becomes U+FFFD, so that no worker output can break the client's decoder. A write
 * must not end in the middle of a character. Not thread-safe.
 */
public final class JsonStringStream extends OutputStream {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    /** For each byte: 0 to copy it, {@link #NON_ASCII}, {@link #CONTROL}, or the character of its short escape. */
    private static final byte[] ACTION = new byte[256];

    private static final byte NON_ASCII = 1;
    private static final byte CONTROL = 2;

    static {
        for (int b = 0; b < 0x20; b++) {
            ACTION[b] = CONTROL;
        }
        for (int b = 0x80; b < 0x100; b++) {
            ACTION[b] = NON_ASCII;
        }
        ACTION['\n'] = 'n';
        ACTION['\r'] = 'r';
        ACTION['\t'] = 't';
        ACTION['\b'] = 'b';
        ACTION['\f'] = 'f';
        ACTION['"'] = '"';
        ACTION['\\'] = '\\';
    }

    private final Utf8Buffer out;
    private long written;

    public JsonStringStream(Utf8Buffer out) {
        this.out = out;
    }

    /** The bytes written so far, before escaping: the size of the text as its reader sees it. */
    public long written() {
        return written;
    }

    @Override
    public void write(int b) {
        written++;
        byte action = ACTION[b & 0xFF];
        if (action == 0) {
            out.write(b);
        } else {
            escape((byte) b, action);
        }
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        written += count;
        int end = offset + count;
        int copied = offset;
        int i = offset;
        while ((i = JsonStringScanner.asciiEnd(source, i, end)) < end) {
            byte action = ACTION[source[i] & 0xFF];
            if (action == NON_ASCII) {
                int size = Utf8.sequenceLength(source, i, end);
                if (size > 0) {
                    i += size;
                    continue;
                }
            }
            out.write(source, copied, i - copied);
            escape(source[i], action);
            copied = ++i;
        }
        out.write(source, copied, end - copied);
    }

    /** Writes an ASCII JSON string without escapes, given with its quotes, without scanning it. */
    public void writeString(byte[] source, int offset, int count) {
        written += count;
        out.writeQuoted(source, offset + 1, count - 2);
    }

    /** Writes bytes that need no escaping. */
    public void writeAsIs(byte[] source) {
        written += source.length;
        out.write(source, 0, source.length);
    }

    /** Writes bytes that are already escaped and represent {@code plainLength} unescaped bytes. */
    void writeEscaped(byte[] escaped, int plainLength) {
        written += plainLength;
        out.write(escaped, 0, escaped.length);
    }

    private void escape(byte b, byte action) {
        if (action == NON_ASCII) {
            out.append(REPLACEMENT);
        } else {
            out.write('\\');
            if (action == CONTROL) {
                out.write('u');
                out.write('0');
                out.write('0');
                out.write(HEX[b >> 4]);
                out.write(HEX[b & 0xF]);
            } else {
                out.write(action);
            }
        }
    }
}

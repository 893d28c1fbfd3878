package dev.codexmcp.json;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Turns what is written to it into the inside of a JSON string, on the fly: JSON that travels as the text of an answer is
 * escaped once, with no copy in between. Bytes that are not UTF-8 become U+FFFD here, so that nothing a worker prints can
 * break the client's decoder. Each write must end at a character's end. Not thread-safe.
 */
public final class JsonStringStream extends OutputStream {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    /** For each byte: 0 where it is copied, 1 where it starts something longer than a byte, else its short escape. */
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

    /** Bytes written to this stream so far, before escaping: the size of the text as its reader sees it. */
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

    /** Writes a JSON string, its quotes included, that holds ASCII only and no escape: it need not be looked through. */
    public void writeString(byte[] source, int offset, int count) {
        written += count;
        out.writeQuoted(source, offset + 1, count - 2);
    }

    /** Writes what needs no escaping, as its writer knows. */
    public void writeAsIs(byte[] source) {
        written += source.length;
        out.write(source, 0, source.length);
    }

    /** Writes what is escaped already, and stands for {@code plainLength} bytes. */
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

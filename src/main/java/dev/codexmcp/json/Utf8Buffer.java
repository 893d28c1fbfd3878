package dev.codexmcp.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte buffer that can be truncated: a page writes another event and removes it again if it does not fit. Not
 * thread-safe.
 */
public final class Utf8Buffer extends OutputStream {
    private byte[] bytes;
    private int length;

    public Utf8Buffer(int capacity) {
        bytes = new byte[capacity];
    }

    @Override
    public void write(int b) {
        room(1);
        bytes[length++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        room(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /** Appends the content of a JSON string between escaped quotes: {@code \"…\"}. */
    void writeQuoted(byte[] source, int offset, int count) {
        room(count + 4);
        byte[] to = bytes;
        int at = length;
        to[at++] = '\\';
        to[at++] = '"';
        System.arraycopy(source, offset, to, at, count);
        at += count;
        to[at++] = '\\';
        to[at++] = '"';
        length = at;
    }

    /** Appends the text in UTF-8. */
    public Utf8Buffer append(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        write(encoded, 0, encoded.length);
        return this;
    }

    public Utf8Buffer append(ByteSlice encoded) {
        write(encoded.array(), encoded.offset(), encoded.length());
        return this;
    }

    public Utf8Buffer append(byte[] encoded) {
        write(encoded, 0, encoded.length);
        return this;
    }

    /** Replaces bytes that have been written. */
    public void overwrite(int at, byte[] replacement) {
        if (at < 0 || at > length - replacement.length) {
            throw new IllegalArgumentException(
                    "cannot put " + replacement.length + " bytes at " + at + " of " + length);
        }
        System.arraycopy(replacement, 0, bytes, at, replacement.length);
    }

    public int length() {
        return length;
    }

    /** Discards everything after the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " bytes to " + newLength);
        }
        length = newLength;
    }

    /** The content, without copying. Nothing may be written afterwards. */
    public ByteSlice toSlice() {
        return new ByteSlice(bytes, 0, length);
    }

    public byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            long wanted = Math.max((long) length + count, bytes.length * 2L);
            if ((long) length + count > Integer.MAX_VALUE - 16) {
                throw new OutOfMemoryError("a result of more than 2 GiB");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }
}

package dev.codexmcp.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing run of bytes that can be cut back to an earlier length: a page writes one event more, sees that it no longer
 * fits, and takes it back. Not thread-safe.
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

    /** Appends the inside of a JSON string, with its quotes escaped: {@code \"…\"}. */
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

    public Utf8Buffer append(byte[] encoded) {
        write(encoded, 0, encoded.length);
        return this;
    }

    public int length() {
        return length;
    }

    /** Forgets all but the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("cannot cut " + length + " bytes to " + newLength);
        }
        length = newLength;
    }

    /** What has been written, without a copy: nothing may be written any more. */
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
                throw new OutOfMemoryError("an answer of more than 2 GiB");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }
}

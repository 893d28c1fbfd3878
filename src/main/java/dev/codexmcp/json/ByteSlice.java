package dev.codexmcp.json;

import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes within an array, which nobody changes any more. Long texts travel in slices, so that they need not be copied to be
 * put together.
 */
public record ByteSlice(byte[] array, int offset, int length) {
    /** No bytes. */
    public static final ByteSlice EMPTY = of(new byte[0]);

    public ByteSlice {
        Objects.checkFromIndexSize(offset, length, array.length);
    }

    /** All of the array. */
    public static ByteSlice of(byte[] bytes) {
        return new ByteSlice(bytes, 0, bytes.length);
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }
}

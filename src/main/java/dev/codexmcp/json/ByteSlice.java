package dev.codexmcp.json;

import java.util.Arrays;
import java.util.Objects;

/**
 * A range of bytes in an array that is no longer modified. Long texts are passed as slices to avoid copying.
 */
public record ByteSlice(byte[] array, int offset, int length) {
    /** No bytes. */
    public static final ByteSlice EMPTY = of(new byte[0]);

    public ByteSlice {
        Objects.checkFromIndexSize(offset, length, array.length);
    }

    /** The whole array. */
    public static ByteSlice of(byte[] bytes) {
        return new ByteSlice(bytes, 0, bytes.length);
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }
}

package dev.codexmcp.json;

/** Validates UTF-8 as defined by RFC 3629. */
public final class Utf8 {
    private Utf8() {}

    /**
     * Whether these bytes are valid UTF-8. Jackson's parser does not check this reliably: it may mistake a field name
     * that begins with the byte FF for another name.
     */
    public static boolean isValid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            int size = bytes[i] >= 0 ? 1 : sequenceLength(bytes, i, end);
            if (size == 0) {
                return false;
            }
            i += size;
        }
        return true;
    }

    /** The length of the multi-byte sequence at {@code i}, or 0 if it is invalid, overlong or a surrogate. */
    static int sequenceLength(byte[] b, int i, int end) {
        int first = b[i] & 0xFF;
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (i + size > end) {
            return 0;
        }
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        int second = b[i + 1] & 0xFF;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = 2; k < size; k++) {
            if ((b[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}

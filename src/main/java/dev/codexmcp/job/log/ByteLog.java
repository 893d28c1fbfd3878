package dev.codexmcp.job.log;

import dev.codexmcp.json.ByteSlice;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An append-only sequence of bytes in chunks: small at first, so that ten thousand short jobs cost little, then a
 * megabyte each. Its content never moves or changes, so it can be read while it grows.
 *
 * <p>One thread appends. Others may read up to a length that was safely published to them.
 */
final class ByteLog {
    private static final int FIRST_CHUNK = 2 * 1024;
    private static final int LAST_CHUNK = 1024 * 1024;

    /** How many bytes of heap a log leaves free: a job that floods the heap fails before others do. */
    private static final int HEADROOM = 8 * 1024 * 1024;

    /** Written to, so that the compiler cannot remove the allocation. */
    @SuppressWarnings("unused")
    private static volatile byte[] headroom = new byte[0];

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private volatile byte[][] chunks = {};
    private volatile long[] starts = {};
    /** A reused view of the last chunk: appending a line must not create garbage. */
    private ByteBuffer room = NONE;

    private int used;
    private long length;

    /**
     * A buffer to append to, of at least one byte.
     *
     * @throws OutOfMemoryError if the heap is full, or so full that jobs with less output would fail next
     */
    ByteBuffer room() {
        if (chunks.length == 0 || used == last().length) {
            int size = chunks.length == 0 ? FIRST_CHUNK : Math.min(LAST_CHUNK, last().length * 4);
            byte[][] moreChunks = Arrays.copyOf(chunks, chunks.length + 1);
            long[] moreStarts = Arrays.copyOf(starts, starts.length + 1);
            moreChunks[chunks.length] = chunk(size);
            moreStarts[starts.length] = length;
            // The starts first: a reader that sees a chunk also sees where it starts.
            starts = moreStarts;
            chunks = moreChunks;
            used = 0;
            room = ByteBuffer.wrap(last());
        }
        return room.position(used);
    }

    private static byte[] chunk(int size) {
        Runtime heap = Runtime.getRuntime();
        if (size == LAST_CHUNK && heap.maxMemory() - heap.totalMemory() + heap.freeMemory() < HEADROOM + size) {
            headroom = new byte[HEADROOM]; // throws if even a collection does not free this much
            headroom = new byte[0];
        }
        return new byte[size];
    }

    /** Appends the first {@code count} bytes of the last {@link #room()}. */
    void filled(int count) {
        used += count;
        length += count;
    }

    long length() {
        return length;
    }

    /** Frees unused room. Nothing may be appended afterwards. */
    void trim() {
        room = NONE;
        if (chunks.length > 0 && used < last().length) {
            byte[][] trimmed = chunks.clone();
            trimmed[trimmed.length - 1] = Arrays.copyOf(last(), used);
            chunks = trimmed;
        }
    }

    private byte[] last() {
        return chunks[chunks.length - 1];
    }

    /** The bytes from {@code start} to {@code end}; copied only if they span chunks. */
    ByteSlice slice(long start, long end) {
        byte[][] chunksNow = chunks;
        long[] startsNow = starts;
        int chunk = Arrays.binarySearch(startsNow, start);
        if (chunk < 0) {
            chunk = -chunk - 2;
        }
        int offset = (int) (start - startsNow[chunk]);
        int size = Math.toIntExact(end - start);
        if (offset + size <= chunksNow[chunk].length) {
            return new ByteSlice(chunksNow[chunk], offset, size);
        }
        byte[] copy = new byte[size];
        int copied = 0;
        while (copied < size) {
            int part = Math.min(chunksNow[chunk].length - offset, size - copied);
            System.arraycopy(chunksNow[chunk], offset, copy, copied, part);
            copied += part;
            offset = 0;
            chunk++;
        }
        return new ByteSlice(copy, 0, size);
    }
}

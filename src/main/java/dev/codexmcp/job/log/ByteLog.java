package dev.codexmcp.job.log;

import dev.codexmcp.json.ByteSlice;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An append-only run of bytes in chunks: small at first, so that ten thousand short jobs cost little, then a megabyte each.
 * Nothing that is in it ever moves or changes, so that it can be read while it grows.
 *
 * <p>One thread appends. Others may read what they have been told of, by any means that orders memory.
 */
final class ByteLog {
    private static final int FIRST_CHUNK = 2 * 1024;
    private static final int LAST_CHUNK = 1024 * 1024;

    /** What a log leaves of the heap: a job that floods it fails before the others do. */
    private static final int HEADROOM = 8 * 1024 * 1024;

    /** Written to, so that the compiler cannot do without it. */
    @SuppressWarnings("unused")
    private static volatile byte[] headroom = new byte[0];

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private volatile byte[][] chunks = {};
    private volatile long[] starts = {};
    /** The last chunk, lent out again and again: a job that says a line now and then is to leave no garbage each time. */
    private ByteBuffer room = NONE;

    private int used;
    private long length;

    /**
     * Room behind the end, at least one byte.
     *
     * @throws OutOfMemoryError where the heap is full, or so full that jobs which say less would be next to fail
     */
    ByteBuffer room() {
        if (chunks.length == 0 || used == last().length) {
            int size = chunks.length == 0 ? FIRST_CHUNK : Math.min(LAST_CHUNK, last().length * 4);
            byte[][] moreChunks = Arrays.copyOf(chunks, chunks.length + 1);
            long[] moreStarts = Arrays.copyOf(starts, starts.length + 1);
            moreChunks[chunks.length] = chunk(size);
            moreStarts[starts.length] = length;
            // The starts first: who sees a chunk sees where it begins.
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
            headroom = new byte[HEADROOM]; // throws where a collection does not find that much either
            headroom = new byte[0];
        }
        return new byte[size];
    }

    /** Takes the first {@code count} bytes of the last {@link #room()} in. */
    void filled(int count) {
        used += count;
        length += count;
    }

    long length() {
        return length;
    }

    /** Gives back the room that is left. Nothing may be appended any more. */
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

    /** The bytes from {@code start} to {@code end}: as they lie where one chunk holds them all, else copied. */
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

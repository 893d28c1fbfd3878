package dev.codexmcp.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keeps the last bytes of a stream, up to a limit, and grows only as needed. Thread-safe. */
public final class TailBuffer implements OutputSink {
    private static final int FIRST_CAPACITY = 512;
    private static final int READ = 1024;

    private final int limit;
    private byte[] ring = new byte[0];
    private int start;
    private int length;

    /** Used by the reading thread alone; released at the end of the stream. */
    private byte[] incoming = new byte[0];

    /** @param limit how many bytes to keep */
    public TailBuffer(int limit) {
        this.limit = limit;
    }

    @Override
    public ByteBuffer room() {
        if (incoming.length == 0) {
            incoming = new byte[READ];
        }
        return ByteBuffer.wrap(incoming);
    }

    @Override
    public synchronized void filled(int count) {
        int from = Math.max(0, count - limit);
        int kept = count - from;
        grow(kept);
        int drop = Math.max(0, length + kept - ring.length);
        start = (start + drop) % ring.length;
        length -= drop;
        int end = (start + length) % ring.length;
        int first = Math.min(kept, ring.length - end);
        System.arraycopy(incoming, from, ring, end, first);
        System.arraycopy(incoming, from + first, ring, 0, kept - first);
        length += kept;
    }

    @Override
    public synchronized void ended() {
        incoming = new byte[0];
        if (ring.length > length) {
            ring = bytes();
            start = 0;
        }
    }

    private void grow(int kept) {
        if (length + kept <= ring.length || ring.length == limit) {
            return;
        }
        int capacity = Math.min(limit, Math.max(FIRST_CAPACITY, ring.length));
        while (capacity < length + kept && capacity < limit) {
            capacity = Math.min(limit, capacity * 4);
        }
        byte[] larger = new byte[capacity];
        copyTo(larger);
        ring = larger;
        start = 0;
    }

    private synchronized byte[] bytes() {
        byte[] copy = new byte[length];
        copyTo(copy);
        return copy;
    }

    private void copyTo(byte[] target) {
        int first = Math.min(length, ring.length - start);
        System.arraycopy(ring, start, target, 0, first);
        System.arraycopy(ring, 0, target, first, length - first);
    }

    /** The bytes kept, as text from the first whole character on. Invalid UTF-8 is replaced. */
    public String text() {
        return text(bytes());
    }

    /** Decodes UTF-8 that may start in the middle of a character. */
    public static String text(byte[] bytes) {
        int from = 0;
        while (from < bytes.length && from < 3 && (bytes[from] & 0xC0) == 0x80) {
            from++;
        }
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }
}

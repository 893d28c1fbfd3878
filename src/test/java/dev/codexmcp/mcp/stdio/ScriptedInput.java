package dev.codexmcp.mcp.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream that returns what the test supplies, and detects two threads reading at once. */
public final class ScriptedInput extends InputStream {
    private static final byte[] END = {};

    private final LinkedBlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private final AtomicInteger readers = new AtomicInteger();
    private volatile boolean readByTwo;

    /** Supplies a piece of at most 64 KiB. */
    public void give(byte[] piece) {
        pieces.add(piece);
    }

    public void end() {
        pieces.add(END);
    }

    /** Whether a thread is reading. */
    public boolean isRead() {
        return readers.get() > 0;
    }

    public boolean wasReadByTwo() {
        return readByTwo;
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("single bytes are too slow");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        readByTwo |= readers.incrementAndGet() > 1;
        try {
            byte[] piece = pieces.take();
            if (piece == END) {
                pieces.add(END);
                return -1;
            }
            int count = Math.min(length, piece.length);
            System.arraycopy(piece, 0, target, offset, count);
            if (count < piece.length) {
                throw new AssertionError("asked for " + length + " bytes, given " + piece.length);
            }
            return count;
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            readers.decrementAndGet();
        }
    }
}

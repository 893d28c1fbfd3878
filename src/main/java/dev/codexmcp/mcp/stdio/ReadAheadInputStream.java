package dev.codexmcp.mcp.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream for one consuming thread. While that thread is busy, another may read ahead, so that EOF is noticed.
 *
 * <p>One thread at a time reads the underlying stream, as {@link Reader} says. The role changes under this object's
 * monitor, and never while a thread is in a read:
 *
 * <pre>
 *            read() ┌────────┐ readAhead()
 *          ┌───────▶│  NONE  │─────────┐
 *   read   │        └────────┘         ▼
 *   done   ▼          ▲    ▲        ┌───────┐
 *        CONSUMER ────┘    └────────│ AHEAD │  when the consumer waits for more, or at EOF
 *                                   └───────┘
 * </pre>
 *
 * Reading ahead is bounded; at the limit the other side has to wait, and EOF is not seen until the consumer continues.
 */
public final class ReadAheadInputStream extends InputStream {
    private static final int CHUNK = 64 * 1024;

    private enum Reader {
        NONE,
        CONSUMER,
        AHEAD
    }

    private final InputStream in;
    private final long capacity;
    private final Runnable onEnd;

    // Guarded by this.
    private Reader reader = Reader.NONE;
    private boolean consumerWaits;
    private boolean ended;

    /** The bytes read ahead: the first chunk from {@code head} on, the last one up to {@code tail}. */
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();

    private int head;
    private int tail;
    private long size;

    /**
     * @param capacity how many bytes may be read ahead
     * @param onEnd run when reading ahead finds EOF, on the reading thread
     */
    public ReadAheadInputStream(InputStream in, long capacity, Runnable onEnd) {
        if (capacity < CHUNK) {
            throw new IllegalArgumentException("at least " + CHUNK + " bytes: " + capacity);
        }
        this.in = in;
        this.capacity = capacity;
        this.onEnd = onEnd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        synchronized (this) {
            awaitReadAhead();
            if (size > 0) {
                return take(target, offset, length);
            }
            if (ended) {
                return -1;
            }
            reader = Reader.CONSUMER;
        }
        int count = -1;
        try {
            count = in.read(target, offset, length);
        } finally {
            synchronized (this) {
                reader = Reader.NONE;
                ended = count < 0;
            }
        }
        return count;
    }

    /** Waits while another thread reads and has read nothing yet. */
    private synchronized void awaitReadAhead() throws IOException {
        consumerWaits = true;
        try {
            while (size == 0 && reader == Reader.AHEAD) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            consumerWaits = false;
        }
    }

    private synchronized int take(byte[] target, int offset, int length) {
        byte[] chunk = chunks.element();
        int count = (int) Math.min(length, Math.min(size, CHUNK - head));
        System.arraycopy(chunk, head, target, offset, count);
        head += count;
        size -= count;
        if (head == CHUNK) {
            chunks.remove();
            head = 0;
        }
        notifyAll();
        return count;
    }

    /**
     * Starts a thread that reads until the consumer asks for more than has been read. Does nothing if a thread is
     * already reading: that one will see EOF.
     *
     * @throws OutOfMemoryError if no thread can be started; nothing has changed then
     */
    public synchronized void readAhead() {
        if (reader == Reader.NONE && !ended) {
            Thread thread = new Thread(null, this::run, "read-ahead", 256 * 1024);
            thread.setDaemon(true);
            thread.start();
            reader = Reader.AHEAD;
        }
    }

    private void run() {
        if (readUntilConsumerWaits()) {
            onEnd.run();
        }
    }

    /** Returns whether EOF has been reached. Gives the role back in any case. */
    private boolean readUntilConsumerWaits() {
        boolean end = false;
        boolean reading = true;
        try {
            while (reading) {
                byte[] chunk = room();
                reading = chunk != null;
                if (chunk != null) {
                    int count = in.read(chunk, tail, CHUNK - tail); // no other thread changes tail
                    end = count < 0;
                    if (end) {
                        break;
                    }
                    reading = !add(count);
                }
            }
        } catch (IOException e) {
            end = true; // treated as EOF
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (reading) {
                synchronized (this) {
                    reader = Reader.NONE;
                    ended |= end;
                    notifyAll();
                }
            }
        }
        return end;
    }

    /**
     * The chunk to read into, from {@code tail} on; null if the consumer waits. Then it has the role from now on: giving it
     * back later would make {@link #readAhead} believe that a thread still reads.
     */
    private synchronized byte @Nullable [] room() throws InterruptedException {
        while (size > capacity - CHUNK) {
            wait();
        }
        if (consumerWaits) {
            reader = Reader.NONE;
            notifyAll();
            return null;
        }
        if (chunks.isEmpty()) {
            head = 0;
            tail = CHUNK;
        }
        if (tail == CHUNK) {
            chunks.add(new byte[CHUNK]);
            tail = 0;
        }
        return chunks.getLast();
    }

    /** Returns whether the consumer was waiting for this; then the role has been given back, as in {@link #room}. */
    private synchronized boolean add(int count) {
        tail += count;
        size += count;
        if (consumerWaits) {
            reader = Reader.NONE;
        }
        notifyAll();
        return consumerWaits;
    }
}

package dev.codexmcp.mcp.stdio;

import dev.codexmcp.json.ByteSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes messages to the client, one at a time, from any thread.
 *
 * <p>{@link #send} never blocks: a client that does not read must not block the thread on which a job ends. Senders
 * bound the unread output: they check {@link #hasRoom} before they handle more requests or encode long answers. A
 * thread that may block on the client writes its own messages, see {@link #deferToFlush}, which saves a thread switch
 * for each; a thread of this class writes what other threads send.
 */
public final class LineWriter {
    /** How many bytes may be unread before the server stops handling requests. */
    public static final long HIGH_WATER = 8L * 1024 * 1024;

    /** A client that reads nothing for this long, although there is output, has stalled. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Small messages are written together, up to this many bytes. */
    private static final int BATCH = 64 * 1024;

    private final OutputStream out;
    private final Runnable onBroken;
    private final Runnable onStall;
    private final ThreadLocal<Boolean> defers = new ThreadLocal<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** There is work for the thread of this class. */
    private final Condition work = lock.newCondition();

    /** Something has been written. */
    private final Condition progress = lock.newCondition();

    // Guarded by lock.
    private final Deque<ByteSlice> queue = new ArrayDeque<>();

    /** Whether the thread of this class has to write the queue. */
    private boolean wanted;

    /** Whether a thread is in {@link #writeAll}; as long as another thread holds the lock, that one is in a write. */
    private boolean writing;

    private boolean broken;
    private long writes;
    private long writeBegan;

    /** Changed with the lock held; includes bytes being written. */
    private final AtomicLong queued = new AtomicLong();

    /** Used by the thread that is writing. */
    private final byte[] batch = new byte[BATCH];

    /**
     * @param out never flushed, so it must not buffer
     * @param onBroken run once, on a thread of this class, when writing to the client has failed
     * @param onStall run repeatedly, on a thread of this class, while the client does not read what another thread is
     *     writing
     */
    public LineWriter(OutputStream out, Runnable onBroken, Runnable onStall) {
        this.out = out;
        this.onBroken = onBroken;
        this.onStall = onStall;
        Thread thread = new Thread(null, this::run, "answers", 512 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * From now on, messages that the calling thread sends wait until it calls {@link #flush} or another thread writes.
     */
    public void deferToFlush() {
        defers.set(true);
    }

    /** Queues a line, which must end with a line feed. */
    public void send(byte[] line) {
        send(OutgoingLine.of(line));
    }

    /** Queues a message. */
    public void send(OutgoingLine message) {
        lock.lock();
        try {
            if (broken) {
                return;
            }
            queue.addAll(message.pieces());
            queued.addAndGet(message.length());
            if (!writing && defers.get() == null) {
                wanted = true;
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes the queued messages, unless another thread is doing so. */
    public void flush() {
        lock.lock();
        try {
            if (!writing) {
                writeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the client has read enough for more to be sent. */
    public boolean hasRoom() {
        return queued.get() <= HIGH_WATER;
    }

    /** Waits until there is room, for a second at most. */
    public void awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            long left = STALL_NANOS;
            while (!hasRoom() && left > 0) {
                left = progress.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything is written, writing fails, or the client reads nothing for a second. */
    public void drain() throws InterruptedException {
        lock.lock();
        try {
            wanted = true;
            work.signal();
            long before = -1;
            while (isPending() && writes != before) {
                before = writes;
                long left = STALL_NANOS;
                while (isPending() && writes == before && left > 0) {
                    left = progress.awaitNanos(left);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isPending() {
        return (writing || !queue.isEmpty()) && !broken;
    }

    /** Waits until the client reads nothing for a second although there is output, or writing fails. */
    public void awaitStall() throws InterruptedException {
        lock.lock();
        try {
            long before;
            do {
                before = writes;
                long left = STALL_NANOS;
                while (!broken && left > 0) {
                    left = progress.awaitNanos(left);
                }
            } while (!broken && (!writing || writes != before));
        } finally {
            lock.unlock();
        }
    }

    private boolean isStalled() {
        return writing && System.nanoTime() - writeBegan >= STALL_NANOS;
    }

    private void run() {
        lock.lock();
        try {
            while (!broken) {
                if (wanted && !writing) {
                    writeAll();
                } else {
                    if (isStalled()) {
                        reportStall();
                    }
                    work.awaitNanos(STALL_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            lock.unlock();
        }
        onBroken.run();
    }

    /** Called with the lock held; releases it meanwhile. */
    private void reportStall() {
        lock.unlock();
        try {
            onStall.run();
        } finally {
            lock.lock();
        }
    }

    /** Called with the lock held; releases it while writing. */
    private void writeAll() {
        writing = true;
        while (!queue.isEmpty() && !broken) {
            ByteSlice next = queue.remove();
            byte[] message = next.array();
            int offset = next.offset();
            int length = next.length();
            if (length < BATCH && !queue.isEmpty()) {
                length = collect(next);
                message = batch;
                offset = 0;
            }
            for (int at = 0; at < length && !broken; at += BATCH) {
                write(message, offset + at, Math.min(BATCH, length - at));
            }
            queued.addAndGet(-length);
            progress.signalAll();
        }
        if (broken) {
            queue.clear();
            queued.set(0);
            work.signal();
        }
        wanted = false;
        writing = false;
        progress.signalAll();
    }

    private int collect(ByteSlice first) {
        System.arraycopy(first.array(), first.offset(), batch, 0, first.length());
        int length = first.length();
        for (ByteSlice next = queue.peek(); next != null && length + next.length() <= BATCH; next = queue.peek()) {
            System.arraycopy(next.array(), next.offset(), batch, length, next.length());
            length += next.length();
            queue.remove();
        }
        return length;
    }

    private void write(byte[] bytes, int offset, int length) {
        writeBegan = System.nanoTime();
        lock.unlock();
        boolean written = false;
        try {
            out.write(bytes, offset, length);
            written = true;
        } catch (IOException | RuntimeException | Error e) {
            // The client is gone, or it is unknown how much of the line it got.
        } finally {
            lock.lock();
        }
        writes++;
        broken |= !written;
    }
}

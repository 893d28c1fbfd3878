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
 * Writes messages to the client, whole and one after the other, from any thread.
 *
 * <p>{@link #send} never blocks: a client that does not read must not hold up the thread on which a job ends. What a client
 * leaves unread is bounded by its senders, which ask {@link #hasRoom} before they handle more requests or make long answers.
 * A thread that may be held up by the client writes its own messages, see {@link #deferToFlush}, which saves a change of
 * threads for each; what other threads send is written by a thread of this class.
 */
public final class LineWriter {
    /** How many bytes may lie unread before no more requests are handled. */
    public static final long HIGH_WATER = 8L * 1024 * 1024;

    /** A client that reads nothing for so long, while there is something to read, has stalled. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Small messages go out together, up to this size. */
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

    /** Changed with the lock held; includes what is being written. */
    private final AtomicLong queued = new AtomicLong();

    /** Used by whoever is writing. */
    private final byte[] batch = new byte[BATCH];

    /**
     * @param out is flushed by nobody: it must pass on what it gets
     * @param onBroken run once, on a thread of this class, when the client can't be written to any more
     * @param onStall run again and again, on a thread of this class, while the client reads nothing of what another thread is
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

    /** From now on, what the calling thread sends waits until that thread calls {@link #flush}, or any other writes. */
    public void deferToFlush() {
        defers.set(true);
    }

    /** Has the line, which ends with a line feed, written soon. */
    public void send(byte[] line) {
        send(OutgoingLine.of(line));
    }

    /** Has the message written soon. */
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

    /** Writes what has been sent, unless another thread is doing so. */
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

    /** Whether the client has read enough of what it was sent. */
    public boolean hasRoom() {
        return queued.get() <= HIGH_WATER;
    }

    /** Waits until there is room, or for a second. */
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

    /** Waits until all is written, or the client can't be written to, or has not read anything for a second. */
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

    /** Waits until the client has not read anything for a second, though there is something to read, or can't be written to. */
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

    /** Called with the lock held, which is let go of meanwhile. */
    private void reportStall() {
        lock.unlock();
        try {
            onStall.run();
        } finally {
            lock.lock();
        }
    }

    /** Called with the lock held, which is let go of while bytes are on their way. */
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
            // The client is gone; or nobody knows how much of the line it has got.
        } finally {
            lock.lock();
        }
        writes++;
        broken |= !written;
    }
}

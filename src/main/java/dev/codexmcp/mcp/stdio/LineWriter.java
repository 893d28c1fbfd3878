package dev.codexmcp.mcp.stdio;

import dev.codexmcp.json.ByteSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes messages to the client, whole and one after the other, from any thread.
 *
 * <p>{@link #send} never blocks: a client that does not read its pipe must not hold up the thread on which a job ends. What
 * a client leaves unread is bounded by {@link #awaitRoom}, which stops the reading of its requests and the making of long answers. The thread that reads
 * the requests writes the answers of a batch itself, in {@link #flush}, and a {@link WritingThread} its own, which saves a change of
 * threads for each; what other threads send is written by a thread of this class.
 */
public final class LineWriter {
    /** How many bytes may lie unread before no more requests are read. */
    public static final long HIGH_WATER = 8L * 1024 * 1024;

    /** A client that reads nothing for so long, while there is something to read, has stalled. */
    private static final long STALL_MILLIS = 1000;

    /** Small messages go out together, up to this size. */
    private static final int BATCH = 64 * 1024;

    private final OutputStream out;
    private final Runnable onBroken;
    private final Runnable onStall;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final Deque<ByteSlice> queue = new ArrayDeque<>();
    private long queued;
    private boolean writing;
    private boolean wanted;
    private boolean broken;
    private long writes;

    /** The write that was under way when the time was last up. */
    private long suspect = -1;

    /** Used by whoever is writing. */
    private final byte[] batch = new byte[BATCH];

    /** The thread that reads the requests. */
    private final Thread reader;

    /**
     * @param out is flushed by nobody: it must pass on what it gets
     * @param reader the thread that will call {@link #flush}
     * @param onBroken run once, on a thread of its own, when the client can't be written to any more
     * @param onStall run when the client has not read anything for a while, though there is something to read
     */
    public LineWriter(OutputStream out, Thread reader, Runnable onBroken, Runnable onStall) {
        this.out = out;
        this.reader = reader;
        this.onBroken = onBroken;
        this.onStall = onStall;
        Thread thread = new Thread(null, this::run, "answers", 128 * 1024);
        thread.setDaemon(true);
        thread.start();
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
            queued += message.length();
            if (!writesItself(Thread.currentThread())) {
                wanted = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean writesItself(Thread thread) {
        return thread == reader || thread instanceof WritingThread;
    }

    /** A thread that calls {@link #flush} once it is done with what it does: it may be held up by the client. */
    public static final class WritingThread extends Thread {
        public WritingThread(String name, Runnable task, long stack) {
            super(null, task, name, stack);
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

    /** Waits until the client has read enough of what it was sent. */
    public void awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (queued > HIGH_WATER && !broken) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is written, or the client can't be written to, or has not read anything for a while. */
    public void drain() throws InterruptedException {
        lock.lock();
        try {
            wanted = true;
            changed.signalAll();
            while ((writing || !queue.isEmpty()) && !broken && progressWithin(STALL_MILLIS)) {
                // goes on
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a change, and tells whether anything has been written since. */
    private boolean progressWithin(long millis) throws InterruptedException {
        long before = writes;
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        while (writes == before && (writing || !queue.isEmpty()) && !broken && left > 0) {
            left = changed.awaitNanos(left);
        }
        return writes != before || left > 0;
    }

    private void run() {
        lock.lock();
        try {
            while (!broken) {
                while (!wanted || writing) {
                    awaitWork();
                }
                wanted = false;
                writeAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to write; looks meanwhile whether the thread that writes now gets on. */
    private void awaitWork() throws InterruptedException {
        long before = writes;
        long left = TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS);
        while ((!wanted || writing) && writes == before && left > 0) {
            left = changed.awaitNanos(left);
        }
        if (left <= 0 && writing) {
            if (suspect == writes) {
                onStall.run();
            }
            suspect = writes;
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
            queued -= length;
            changed.signalAll();
        }
        if (broken) {
            queue.clear();
            queued = 0;
        }
        writing = false;
        changed.signalAll();
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
        lock.unlock();
        boolean failed = false;
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failed = true; // the client is gone
        } finally {
            lock.lock();
        }
        writes++;
        if (failed) {
            broken = true;
            Thread thread = new Thread(onBroken, "client-gone");
            thread.setDaemon(true);
            thread.start();
        }
    }
}

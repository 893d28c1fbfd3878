package dev.codexmcp.server;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages to the client, whole and one after the other, from any thread.
 *
 * <p>{@link #send} never blocks: a client that does not read its pipe must not hold up the thread on which a job ends. What
 * a client leaves unread is bounded by {@link #awaitRoom}, which stops the reading of its requests. The thread that reads
 * the requests writes the answers of a batch itself, in {@link #flush}, which saves a change of threads for each; what other
 * threads send is written by a thread of this class.
 */
final class AnswerWriter {
    /** How many bytes may lie unread before no more requests are read. */
    static final long HIGH_WATER = 8L * 1024 * 1024;

    /** Small messages go out together, up to this size. */
    private static final int BATCH = 64 * 1024;

    private final OutputStream out;
    private final Runnable onBroken;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private long queued;
    private boolean writing;
    private boolean wanted;
    private boolean broken;

    /** Used by whoever is writing. */
    private final byte[] batch = new byte[BATCH];

    /** The thread that reads the requests: what it sends waits for its next {@link #flush}. */
    private final Thread reader;

    /**
     * @param out is flushed by nobody: it must pass on what it gets
     * @param reader the thread that will call {@link #flush}
     * @param onBroken run once when the client can't be written to any more
     */
    AnswerWriter(OutputStream out, Thread reader, Runnable onBroken) {
        this.out = out;
        this.reader = reader;
        this.onBroken = onBroken;
        Thread thread = new Thread(null, this::run, "answers", 128 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    /** Has the message, which ends with a line feed, written soon. */
    void send(byte[] message) {
        lock.lock();
        try {
            if (broken) {
                return;
            }
            queue.add(message);
            queued += message.length;
            if (Thread.currentThread() != reader) {
                wanted = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes what has been sent, unless another thread is doing so. */
    void flush() {
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
    void awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (queued > HIGH_WATER && !broken) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is written, or the client can't be written to, or the time is up. */
    void drain(long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            wanted = true;
            changed.signalAll();
            while ((writing || !queue.isEmpty()) && !broken && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!broken) {
                while (!wanted || writing) {
                    changed.await();
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

    /** Called with the lock held, which is let go of while bytes are on their way. */
    private void writeAll() {
        writing = true;
        while (!queue.isEmpty() && !broken) {
            byte[] message = queue.remove();
            int length = message.length;
            if (length < BATCH && !queue.isEmpty()) {
                length = collect(message);
                message = batch;
            }
            IOException failure = write(message, length);
            queued -= length;
            if (failure != null) {
                broken = true;
                queue.clear();
                queued = 0;
            }
            changed.signalAll();
        }
        writing = false;
        changed.signalAll();
    }

    private int collect(byte[] first) {
        System.arraycopy(first, 0, batch, 0, first.length);
        int length = first.length;
        for (byte[] next = queue.peek(); next != null && length + next.length <= BATCH; next = queue.peek()) {
            System.arraycopy(next, 0, batch, length, next.length);
            length += next.length;
            queue.remove();
        }
        return length;
    }

    private @Nullable IOException write(byte[] bytes, int length) {
        lock.unlock();
        try {
            out.write(bytes, 0, length);
            return null;
        } catch (IOException e) {
            onBroken.run();
            return e;
        } finally {
            lock.lock();
        }
    }
}

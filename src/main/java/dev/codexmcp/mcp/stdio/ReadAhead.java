package dev.codexmcp.mcp.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Standard input, which a thread of its own can take to reading ahead. It does so once the client has stopped reading our
 * answers: then the thread that handles requests is stuck writing, and nobody would see that the client has closed its end.
 * What is read ahead is bounded; past that the client has to wait.
 */
public final class ReadAhead extends InputStream {
    private static final int CHUNK = 64 * 1024;
    private static final int MOST_CHUNKS = 128;

    private final InputStream in;

    // Guarded by this.
    private final Deque<byte[]> ahead = new ArrayDeque<>();
    private boolean active;
    private boolean ended;
    private byte @Nullable [] current;
    private int at;

    public ReadAhead(InputStream in) {
        this.in = in;
    }

    /**
     * From now on reads ahead.
     *
     * @param onEnd run, on the reading thread, when the client's end is seen closed
     */
    public synchronized void begin(Runnable onEnd) {
        if (!active) {
            active = true;
            Thread thread = new Thread(null, () -> readAhead(onEnd), "read-ahead", 128 * 1024);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void readAhead(Runnable onEnd) {
        try {
            byte[] chunk = new byte[CHUNK];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                add(Arrays.copyOf(chunk, count));
            }
        } catch (IOException e) {
            // As good as the end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        onEnd.run();
    }

    private synchronized void add(byte[] chunk) throws InterruptedException {
        while (ahead.size() >= MOST_CHUNKS) {
            wait();
        }
        ahead.add(chunk);
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        synchronized (this) {
            if (active) {
                return readFromAhead(target, offset, length);
            }
        }
        return in.read(target, offset, length);
    }

    private synchronized int readFromAhead(byte[] target, int offset, int length) throws IOException {
        while (current == null) {
            current = ahead.poll();
            at = 0;
            if (current == null) {
                if (ended) {
                    return -1;
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        }
        notifyAll();
        int count = Math.min(length, current.length - at);
        System.arraycopy(current, at, target, offset, count);
        at += count;
        if (at == current.length) {
            current = null;
        }
        return count;
    }
}

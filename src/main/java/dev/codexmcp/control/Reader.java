package dev.codexmcp.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A connection to the control socket. Takes one request per line and answers each with a line; reads nothing while an answer is in progress. Used by the socket's thread only.
 */
final class Reader {
    /** The longest request, in bytes. */
    static final int LONGEST_REQUEST = 16 * 1024;

    /** How long a reader may take to read the next piece of an answer. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long a reader may be silent. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(120);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Answers answers;
    private final Consumer<Runnable> thread;
    private final ByteBuffer request = ByteBuffer.allocate(LONGEST_REQUEST);
    private ByteBuffer answer = NOTHING;
    private long lastHeard = System.nanoTime();

    /** @param thread runs a task on the socket's thread */
    Reader(SocketChannel channel, SelectionKey key, Answers answers, Consumer<Runnable> thread) {
        this.thread = thread;
        this.channel = channel;
        this.key = key;
        this.answers = answers;
    }

    /** When it last read or sent anything, by {@link System#nanoTime}. */
    long lastHeard() {
        return lastHeard;
    }

    boolean isOverdue(long now) {
        return now - lastHeard > (answer.hasRemaining() ? PATIENCE_NANOS : QUIET_NANOS);
    }

    /** Sends more of the answer or, once that is complete, takes one request. */
    void serve() throws IOException {
        if (answer.hasRemaining()) {
            write();
            return;
        }
        int read = channel.read(request);
        if (read < 0) {
            throw new EOFException();
        }
        lastHeard = System.nanoTime();
        next();
    }

    /** Answers the first complete request, if there is one. */
    private void next() throws IOException {
        int end = 0;
        while (end < request.position() && request.get(end) != '\n') {
            end++;
        }
        if (end < request.position()) {
            String line = new String(request.array(), 0, end, StandardCharsets.UTF_8);
            request.flip().position(end + 1);
            request.compact();
            answer(answers.to(line));
        } else if (!request.hasRemaining()) {
            throw new IOException("a request of more than " + LONGEST_REQUEST + " bytes");
        } else {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void answer(CompletableFuture<byte[]> coming) throws IOException {
        if (coming.isDone()) {
            send(coming.join());
            return;
        }
        key.interestOps(0);
        coming.whenComplete((line, failure) -> thread.accept(() -> {
            try {
                if (line == null) {
                    throw new IOException(failure);
                }
                send(line);
            } catch (IOException | CancelledKeyException | OutOfMemoryError e) {
                drop();
            }
        }));
    }

    /** Sends a line. */
    void send(byte[] line) throws IOException {
        answer = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        write();
    }

    private void write() throws IOException {
        if (channel.write(answer) > 0) {
            lastHeard = System.nanoTime();
        }
        if (answer.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE);
        } else {
            answer = NOTHING;
            // A request that has been read already waits for no more input.
            key.interestOps(request.position() > 0 ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    void drop() {
        try {
            key.cancel();
            channel.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}

package dev.codexmcp.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Moves bytes between this process and a child. Each stream has its own thread, since reading from a pipe blocks. */
final class StreamPumper {
    /** Stack size in bytes: reading, scanning and storing need about a dozen frames. */
    private static final long STACK = 160 * 1024;

    /** The largest read for which the JDK allocates no memory. */
    private static final int SMALL_READ = 8 * 1024;

    /** A pipe's capacity: the JDK copies large reads through malloc, so more would only cost. */
    private static final int LARGE_READ = 64 * 1024;

    private static final SpareThreads THREADS = new SpareThreads("pump", STACK);

    private StreamPumper() {}

    /** Starts threads in advance, so that the first streams need not wait for them. */
    static void prepare() {
        THREADS.prepare();
    }

    /**
     * Reads a stream until EOF.
     *
     * @param onEnd run on the same thread, after {@link OutputSink#ended}
     */
    static void read(String name, InputStream stream, OutputSink sink, Runnable onEnd) {
        THREADS.run(name, () -> {
            try {
                pump(stream, sink);
            } catch (IOException e) {
                // Counts as EOF.
            } finally {
                sink.ended();
                onEnd.run();
            }
        });
    }

    /** Runs work that may block on a stream. */
    static void run(String name, Runnable work) {
        THREADS.run(name, work);
    }

    /** Writes the bytes, then closes the stream. */
    static void write(String name, OutputStream stream, byte[] bytes) {
        THREADS.run(name, () -> {
            try (stream) {
                stream.write(bytes);
            } catch (IOException e) {
                // The process has exited or stopped reading; its exit status is more informative.
            }
        });
    }

    /**
     * Holds the stream's monitor throughout. When the process exits, the JDK takes that monitor, buffers what is in the
     * pipe and closes it, which would lose any later output of a grandchild.
     */
    private static void pump(InputStream stream, OutputSink sink) throws IOException {
        synchronized (stream) {
            int most = SMALL_READ;
            while (true) {
                ByteBuffer room = sink.room();
                int offset = room.arrayOffset() + room.position();
                int count = stream.read(room.array(), offset, Math.min(room.remaining(), most));
                if (count < 0) {
                    return;
                }
                sink.filled(count);
                most = count < SMALL_READ ? SMALL_READ : LARGE_READ;
            }
        }
    }
}

package dev.codexmcp.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Moves bytes between this process and a child, each stream on a thread of its own: a read from a pipe can't be waited for. */
final class StreamPumper {
    /** Reading, scanning and storing are a dozen frames deep. */
    private static final long STACK = 160 * 1024;

    /** The most that the JDK reads without memory of its own for it. */
    private static final int SMALL_READ = 8 * 1024;

    /** No more than a pipe holds: the JDK copies a read through malloc, so that more would only cost. */
    private static final int LARGE_READ = 64 * 1024;

    private static final SpareThreads THREADS = new SpareThreads("pump", STACK);

    private StreamPumper() {}

    /** Does in advance what the first streams would have to wait for. */
    static void prepare() {
        THREADS.prepare();
    }

    /**
     * Reads a stream to its end.
     *
     * @param onEnd run on the same thread, when the intake has been told
     */
    static void read(String name, InputStream stream, OutputSink intake, Runnable onEnd) {
        THREADS.run(name, () -> {
            try {
                pump(stream, intake);
            } catch (IOException e) {
                // Ends the stream like its end does.
            } finally {
                intake.ended();
                onEnd.run();
            }
        });
    }

    /** Writes all of this, then closes the stream. */
    static void write(String name, OutputStream stream, byte[] bytes) {
        THREADS.run(name, () -> {
            try (stream) {
                stream.write(bytes);
            } catch (IOException e) {
                // The process has ended, or reads no further: how it ended tells more than this.
            }
        });
    }

    /**
     * The stream's monitor is held all the while, because the JDK, once the process has exited, takes what is in the pipe at
     * that moment and closes it, under that monitor: the output that a grandchild still has to give would be lost.
     */
    private static void pump(InputStream stream, OutputSink intake) throws IOException {
        synchronized (stream) {
            int most = SMALL_READ;
            while (true) {
                ByteBuffer room = intake.room();
                int offset = room.arrayOffset() + room.position();
                int count = stream.read(room.array(), offset, Math.min(room.remaining(), most));
                if (count < 0) {
                    return;
                }
                intake.filled(count);
                most = count < SMALL_READ ? SMALL_READ : LARGE_READ;
            }
        }
    }
}

package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where shell programs wait until a test lets them go on: a named pipe that they read a line from. Once it is open, any
 * number of programs get past it. A program that waits here goes on as well when the test's JVM is gone.
 */
public final class FileGate implements AutoCloseable {

    private static final int MANY = 4096;

    private final Path path;
    private final RandomAccessFile pipe;

    private FileGate(Path path, RandomAccessFile pipe) {
        this.path = path;
        this.pipe = pipe;
    }

    /** Makes a named pipe in a directory. */
    static FileGate in(Path directory) {
        Path path = directory.resolve("gate");
        try {
            Files.deleteIfExists(path);
            Process mkfifo =
                    new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
            if (mkfifo.waitFor() != 0) {
                throw new IOException("mkfifo failed for " + path);
            }
            // Open for both directions: it blocks nobody, and what is written stays until somebody reads it.
            return new FileGate(path, new RandomAccessFile(path.toFile(), "rw"));
        } catch (IOException e) {
            throw new UncheckedIOException("no named pipe can be made in " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Lets go all who wait here, and all who will come. */
    public void open() {
        try {
            pipe.write("\n".repeat(MANY).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("the gate " + path + " does not open", e);
        }
    }

    @Override
    public void close() {
        try {
            pipe.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the gate " + path + " does not close", e);
        }
    }
}

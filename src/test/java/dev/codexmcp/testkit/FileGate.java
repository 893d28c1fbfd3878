package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Holds up shell programs until a test opens it: a named pipe from which each reads a line. Once it is open, any number of
 * programs pass. A program that waits also goes on when the test's JVM has ended.
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
            // Opened for reading and writing, so that neither the open nor a write blocks, and what is written stays
            // until it is read.
            return new FileGate(path, new RandomAccessFile(path.toFile(), "rw"));
        } catch (IOException e) {
            throw new UncheckedIOException("no named pipe can be made in " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Lets all programs pass, now and later. */
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

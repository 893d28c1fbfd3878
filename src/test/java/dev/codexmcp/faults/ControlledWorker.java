package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A worker controlled by the test: its exit and EOF on each of its two streams come when the test wants, in any order.
 * It ignores SIGTERM. The test itself holds its streams open, through {@code /proc}, so that not even SIGKILL closes
 * them.
 */
public final class ControlledWorker implements AutoCloseable {
    /** Takes the worker's folder as its last argument. */
    private static final String PROGRAM = """
            #!/bin/sh
            trap '' TERM
            for folder; do :; done
            cd "$folder"
            mkfifo gate
            exec 3<>gate
            echo $$ >pid.part
            mv pid.part pid
            read -r line <&3
            exec >/dev/null 2>&1
            touch alone
            read -r line <&3
            exit 0
            """;

    private final Path folder;
    private final RandomAccessFile gate;
    private final ProcessHandle process;
    private final FileOutputStream stdout;
    private final FileOutputStream stderr;

    /** The program to start, with an existing empty folder as its argument. */
    public static Path program(Path directory) {
        Path program = directory.resolve("puppet");
        ShellCodex.program(program, PROGRAM);
        return program;
    }

    /** Takes control of the worker started in this folder. */
    public ControlledWorker(Path folder) {
        this.folder = folder;
        awaitFile("pid");
        try {
            long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
            process = ProcessHandle.of(pid).orElseThrow();
            stdout = new FileOutputStream("/proc/" + pid + "/fd/1");
            stderr = new FileOutputStream("/proc/" + pid + "/fd/2");
            gate = new RandomAccessFile(folder.resolve("gate").toFile(), "rw");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        goOn();
        awaitFile("alone");
    }

    private void awaitFile(String name) {
        Polling.until(folder + "/" + name, () -> Files.exists(folder.resolve(name)));
    }

    private void goOn() {
        try {
            gate.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints something on both streams. */
    public void say(String text) {
        try {
            stdout.write(text.getBytes(StandardCharsets.UTF_8));
            stderr.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes it exit with code 0, unless it has been killed. */
    public void exit() {
        goOn();
        awaitGone();
    }

    /** Waits until its process has exited. */
    public void awaitGone() {
        Polling.until("end of " + process.pid(), () -> !process.isAlive());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public void endStdout() {
        close(stdout);
    }

    public void endStderr() {
        close(stderr);
    }

    private static void close(AutoCloseable stream) {
        assertThat(stream).satisfies(AutoCloseable::close);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        endStdout();
        endStderr();
        close(gate);
    }
}

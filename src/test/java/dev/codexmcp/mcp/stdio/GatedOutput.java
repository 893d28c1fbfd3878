package dev.codexmcp.mcp.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** The output to a client that reads nothing until the test lets it. */
public final class GatedOutput extends OutputStream {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int writes;
    private volatile boolean broken;
    private volatile String stuck = "";

    /** Output to a client that reads at once. */
    static GatedOutput open() {
        GatedOutput output = new GatedOutput();
        output.goOn();
        return output;
    }

    /** The client reads from now on. */
    public void goOn() {
        gate.countDown();
    }

    /** The client is gone: the current write fails. */
    void breakOff() {
        broken = true;
        gate.countDown();
    }

    @Override
    public void write(int b) {
        throw new UnsupportedOperationException("single bytes are too slow");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        stuck = Thread.currentThread().getName();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        stuck = "";
        synchronized (this) {
            writes++;
            if (broken) {
                throw new IOException("Broken pipe");
            }
            written.write(bytes, offset, length);
        }
    }

    /** The name of the blocked thread, empty if there is none. */
    public String stuck() {
        return stuck;
    }

    public synchronized String written() {
        return written.toString(UTF_8);
    }

    synchronized int writes() {
        return writes;
    }
}

package dev.codexmcp.faults;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream whose readers can be paused. */
final class PausableInputStream extends FilterInputStream {
    private boolean paused;

    PausableInputStream(InputStream in) {
        super(in);
    }

    /** A read already in progress may still return data. */
    synchronized void pause() {
        paused = true;
    }

    synchronized void goOn() {
        paused = false;
        notifyAll();
    }

    private synchronized void awaitGoOn() throws IOException {
        try {
            while (paused) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public int read() throws IOException {
        awaitGoOn();
        return super.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        awaitGoOn();
        return super.read(target, offset, length);
    }
}

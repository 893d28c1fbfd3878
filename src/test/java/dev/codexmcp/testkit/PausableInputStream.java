package dev.codexmcp.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream whose reader can be held up for a while. */
final class PausableInputStream extends FilterInputStream {
    private boolean paused;

    PausableInputStream(InputStream in) {
        super(in);
    }

    /** Holds up all further reads. A read that has begun may still return what comes next, up to the reader's buffer. */
    synchronized void pause() {
        paused = true;
    }

    synchronized void resume() {
        paused = false;
        notifyAll();
    }

    private synchronized void awaitResume() throws IOException {
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
        awaitResume();
        return super.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        awaitResume();
        return super.read(target, offset, length);
    }
}

package dev.codexmcp.worker;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The standard input of a process that stays open after its first bytes.
 *
 * <pre>
 *   BEGINNING ── all is written ──▶ OPEN ── close() ──▶ CLOSED
 *       └── close(), and then all is written ─────────────▲
 * </pre>
 *
 * {@code this} guards the state. Errors are ignored: a process that reads no more has ended or will be ended.
 */
final class OpenInput {
    private enum State {
        BEGINNING,
        OPEN,
        CLOSED
    }

    private final OutputStream stream;
    private State state = State.BEGINNING;
    private boolean closeAsked;

    OpenInput(OutputStream stream) {
        this.stream = stream;
    }

    /** Writes the first bytes. Blocks until the process has read most of them. */
    void begin(byte[] bytes) {
        try {
            stream.write(bytes);
            stream.flush();
        } catch (IOException e) {
            // see above
        }
        synchronized (this) {
            state = State.OPEN;
            if (closeAsked) {
                closeNow();
            }
        }
    }

    synchronized void write(byte[] bytes) {
        if (state == State.OPEN) {
            try {
                stream.write(bytes);
                stream.flush();
            } catch (IOException e) {
                // see above
            }
        }
    }

    synchronized void close() {
        closeAsked = true;
        if (state == State.OPEN) {
            closeNow();
        }
    }

    private void closeNow() {
        state = State.CLOSED;
        try {
            stream.close();
        } catch (IOException e) {
            // see above
        }
    }
}

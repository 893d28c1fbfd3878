package dev.codexmcp.worker;

import java.nio.ByteBuffer;

/**
 * Receives a stream's bytes. The sink lends a buffer and is given the number of bytes read into it, so bytes are read straight
 * into their final place. All calls to one sink come from one thread.
 */
public interface OutputSink {
    /** A heap buffer to read into, with at least one byte remaining. */
    ByteBuffer room();

    /** The stream's next {@code count} bytes are at the start of the last {@link #room()}. */
    void filled(int count);

    /** The stream is at EOF or no longer read. No call follows. */
    void ended();
}

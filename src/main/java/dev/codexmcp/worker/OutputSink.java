package dev.codexmcp.worker;

import java.nio.ByteBuffer;

/**
 * Where a stream's bytes go: lends room, then is told how much of it was filled, so that bytes are read straight to where
 * they stay. All calls for one intake come from one thread.
 */
public interface OutputSink {
    /** Room to read into: a heap buffer with at least one byte remaining. */
    ByteBuffer room();

    /** The first {@code count} bytes of the last {@link #room()} hold what the stream said next. */
    void filled(int count);

    /** The stream has ended, or is heard no more. Nothing follows. */
    void ended();
}

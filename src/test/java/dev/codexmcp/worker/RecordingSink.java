package dev.codexmcp.worker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Records a stream's output and how often it ended. */
final class RecordingSink implements OutputSink {
    private final ByteBuffer room = ByteBuffer.allocate(8192);
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private int ends;

    @Override
    public ByteBuffer room() {
        return room;
    }

    @Override
    public synchronized void filled(int count) {
        all.write(room.array(), 0, count);
    }

    @Override
    public synchronized void ended() {
        ends++;
    }

    synchronized String text() {
        return all.toString(StandardCharsets.UTF_8);
    }

    synchronized int ends() {
        return ends;
    }
}

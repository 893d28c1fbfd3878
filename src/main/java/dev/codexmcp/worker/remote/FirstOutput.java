package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;

/** Notices the first bytes of a stream before they are passed on. */
final class FirstOutput implements OutputSink {
    private final OutputSink target;
    private final Runnable onFirst;
    private boolean noticed;

    FirstOutput(OutputSink target, Runnable onFirst) {
        this.target = target;
        this.onFirst = onFirst;
    }

    @Override
    public ByteBuffer room() {
        return target.room();
    }

    @Override
    public void filled(int count) {
        if (!noticed) {
            noticed = true;
            onFirst.run();
        }
        target.filled(count);
    }

    @Override
    public void ended() {
        target.ended();
    }
}

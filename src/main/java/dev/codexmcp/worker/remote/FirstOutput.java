package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;

/** Notices the first bytes of a stream before they are passed on, and whether there are more. */
final class FirstOutput implements OutputSink {
    private final OutputSink target;
    private final Runnable onFirst;
    private boolean noticed;
    private volatile boolean more;

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
        more = true;
        target.filled(count);
    }

    /** Whether there was output since the last call. */
    boolean takeMore() {
        boolean some = more;
        more = false;
        return some;
    }

    @Override
    public void ended() {
        target.ended();
    }
}

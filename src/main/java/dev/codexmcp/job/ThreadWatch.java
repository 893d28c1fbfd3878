package dev.codexmcp.job;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.job.log.EventLog;
import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;

/** Passes a worker's output on to its log, and reports once when that names the worker's thread. */
final class ThreadWatch implements OutputSink {
    private final EventLog events;
    private final Runnable onThread;

    /** The event that named the thread of a worker before this one, or -1. */
    private final int before;

    private boolean known;

    ThreadWatch(EventLog events, Runnable onThread) {
        this.events = events;
        this.onThread = onThread;
        this.before = events.last(CodexEventKind.THREAD_STARTED);
    }

    @Override
    public ByteBuffer room() {
        return events.room();
    }

    @Override
    public void filled(int count) {
        events.filled(count);
        if (!known && events.last(CodexEventKind.THREAD_STARTED) > before) {
            known = true;
            Failures.contain(onThread);
        }
    }

    @Override
    public void ended() {
        events.ended();
    }
}

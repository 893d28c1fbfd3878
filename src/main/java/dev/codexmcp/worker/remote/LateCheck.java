package dev.codexmcp.worker.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks a while after workers have ended whether the engine knows of that. A controller that crashes right then, or is down, may
 * take an ended worker for a running one later, and hold processors for it. Thread-safe.
 */
final class LateCheck {
    /** Slurm's controller saves its state after five seconds at the latest. */
    private static final int SECONDS = 10;

    private final Consumer<List<RemoteJob>> check;
    private final ScheduledExecutorService timer;
    private List<RemoteJob> ended = new ArrayList<>();

    /** @param check makes sure that the engine has no record of these; must not block */
    LateCheck(Consumer<List<RemoteJob>> check, ScheduledExecutorService timer) {
        this.check = check;
        this.timer = timer;
    }

    /** A worker has ended. */
    void add(RemoteJob job) {
        boolean first;
        synchronized (this) {
            first = ended.isEmpty();
            ended.add(job);
        }
        if (first) {
            timer.schedule(this::flush, SECONDS, TimeUnit.SECONDS);
        }
    }

    private void flush() {
        List<RemoteJob> jobs;
        synchronized (this) {
            jobs = ended;
            ended = new ArrayList<>();
        }
        check.accept(jobs);
    }
}

package dev.codexmcp.worker.remote;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What pending workers wait for: one question to the engine for all, asked at most every few seconds and only if somebody wants to
 * know. The answer comes later, so nobody waits for a slow engine. Thread-safe.
 */
final class PendingReasons {
    private static final long GOOD_FOR_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** The same for an answer without the job that somebody asks for: it is newer. */
    private static final long WITHOUT_JOB_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int LIMIT_SECONDS = 30;

    private final EngineQueue queue;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private Map<String, String> reasons = Map.of();
    private String failure = "";
    private boolean asking;
    private boolean answered;
    private long answeredAt;

    PendingReasons(EngineQueue queue, Executor threads, ScheduledExecutorService timer) {
        this.queue = queue;
        this.threads = threads;
        this.timer = timer;
    }

    /** As last heard; empty if the engine has not named a reason. */
    Optional<String> of(RemoteJob job) {
        boolean ask;
        Optional<String> reason;
        synchronized (this) {
            reason = failure.isEmpty() ? Optional.ofNullable(reasons.get(job.name())) : Optional.of(failure);
            long goodFor = reason.isPresent() ? GOOD_FOR_NANOS : WITHOUT_JOB_NANOS;
            ask = !asking && (!answered || System.nanoTime() - answeredAt > goodFor);
            asking |= ask;
        }
        if (ask) {
            threads.execute(this::ask);
        }
        return reason;
    }

    private void ask() {
        EngineCommand.Result result = EngineCommand.run(queue.command(), LIMIT_SECONDS, timer);
        Map<String, String> heard = result.succeeded() ? queue.reasons(result.output()) : Map.of();
        synchronized (this) {
            asking = false;
            answered = true;
            answeredAt = System.nanoTime();
            reasons = heard;
            failure = result.succeeded() ? "" : "no answer: " + EngineWords.last(result.output());
        }
    }
}

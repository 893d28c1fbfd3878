package dev.codexmcp.worker.remote;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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
    private final Consumer<Set<String>> onAnswer;
    private Map<String, String> reasons = Map.of();
    private String failure = "";
    private boolean asking;
    private boolean answered;
    private long answeredAt;

    /** @param onAnswer receives the names of all jobs that the engine has, whenever it has answered */
    PendingReasons(
            EngineQueue queue, Executor threads, ScheduledExecutorService timer, Consumer<Set<String>> onAnswer) {
        this.onAnswer = onAnswer;
        this.queue = queue;
        this.threads = threads;
        this.timer = timer;
    }

    /** As last heard; empty if the engine has not named a reason. */
    Optional<String> of(RemoteJob job) {
        boolean ask;
        Optional<String> reason;
        synchronized (this) {
            reason = Optional.of(failure.isEmpty() ? reasons.getOrDefault(job.name(), "") : failure)
                    .filter(words -> !words.isEmpty());
            long goodFor = reason.isPresent() ? GOOD_FOR_NANOS : WITHOUT_JOB_NANOS;
            ask = !asking && (!answered || System.nanoTime() - answeredAt > goodFor);
            asking |= ask;
        }
        if (ask) {
            threads.execute(this::ask);
        }
        return reason;
    }

    /** Asks the engine, unless it is being asked. */
    void refresh() {
        synchronized (this) {
            if (asking) {
                return;
            }
            asking = true;
        }
        threads.execute(this::ask);
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
        if (result.succeeded()) {
            onAnswer.accept(heard.keySet());
        }
    }
}

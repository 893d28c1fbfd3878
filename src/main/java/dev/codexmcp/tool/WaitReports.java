package dev.codexmcp.tool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The progress of a call that waits for jobs: a client may take silence for a hang. */
final class WaitReports {
    private static final long FIRST_MILLIS = 400;
    private static final long NEXT_MILLIS = 10_000;

    private WaitReports() {}

    /** Reports these words regularly until {@code wait} is done, if the client asked for progress. */
    static void start(
            CompletableFuture<?> wait,
            Supplier<String> words,
            ProgressListener progress,
            ScheduledExecutorService timer) {
        if (!progress.wanted() || wait.isDone()) {
            return;
        }
        String message = words.get();
        Future<?> reports = timer.scheduleWithFixedDelay(
                () -> progress.report(message), FIRST_MILLIS, NEXT_MILLIS, TimeUnit.MILLISECONDS);
        wait.whenComplete((done, failure) -> reports.cancel(false));
    }
}

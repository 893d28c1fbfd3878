package dev.codexmcp.job;

import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends jobs that run too long, or give no sign of life for too long. Each limit of a job has one timer task, which repeats until the job has ended, so that a run that fails, for example because of a full heap, is made up for by the next.
 */
final class TimeLimits {
    /** A worker that has not ended this long after it was asked to is killed. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How often to check once a limit may have been reached; shorter limits are checked at their own pace. */
    private static final long LOOK_MILLIS = 1000;

    private static final long SHORTEST_MILLIS = 100;

    private final ScheduledExecutorService timer;

    TimeLimits(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** Watches a job whose worker has just been started. */
    void watch(Job job) {
        Limits limits = job.spec().scheduling().limits();
        if (limits.runMillis().isPresent()) {
            long left = limits.runMillis().getAsLong() - job.attempts().ranMillis();
            watch(job, EndCause.TIMEOUT, Math.max(1, left), () -> true);
        }
        if (limits.idleMillis().isPresent()) {
            long most = limits.idleMillis().getAsLong();
            watch(job, EndCause.IDLE, most, () -> {
                // Empty while a command runs: the clock is stopped.
                OptionalLong since = job.output().idleSince();
                return since.isPresent() && System.currentTimeMillis() - since.getAsLong() >= most;
            });
        }
    }

    private void watch(Job job, EndCause limit, long firstMillis, BooleanSupplier isReached) {
        Watch watch = new Watch(job, limit, isReached);
        watch.start(firstMillis);
        if (!job.onEnd(watch::end)) {
            watch.end();
        }
    }

    private final class Watch implements Runnable {
        private final Job job;
        private final EndCause limit;
        private final BooleanSupplier isReached;

        /** When the job was asked to end; 0: not yet. Only the timer's thread uses it. */
        private long askedAt;

        private final int attempt;
        private @Nullable Future<?> looks;

        Watch(Job job, EndCause limit, BooleanSupplier isReached) {
            this.job = job;
            this.limit = limit;
            this.isReached = isReached;
            this.attempt = job.attempts().number();
        }

        synchronized void start(long firstMillis) {
            long pause = Math.max(SHORTEST_MILLIS, Math.min(firstMillis, LOOK_MILLIS));
            looks = timer.scheduleWithFixedDelay(this, firstMillis, pause, TimeUnit.MILLISECONDS);
        }

        @Override
        public void run() {
            try {
                look(System.nanoTime());
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
        }

        private void look(long now) {
            if (!job.runs(attempt)) {
                end();
                return;
            }
            if (askedAt != 0) {
                if (now - askedAt >= GRACE_NANOS) {
                    job.askToEnd(limit, true);
                }
            } else if (isReached.getAsBoolean() && job.askToEnd(limit, false)) {
                askedAt = now == 0 ? 1 : now;
            }
        }

        synchronized void end() {
            if (looks != null) {
                looks.cancel(false);
            }
        }
    }
}

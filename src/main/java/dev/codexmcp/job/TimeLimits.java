package dev.codexmcp.job;

import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Ends jobs that run too long, or give no sign of life for too long. Each limit of a job is one timer task. */
final class TimeLimits {
    /** A worker that has not ended this long after it was asked to is killed. */
    private static final long GRACE_MILLIS = 2000;

    private static final long LOOK_MILLIS = 1000;

    private final ScheduledExecutorService timer;

    TimeLimits(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** Watches a job whose worker has just been started. */
    void watch(Job job) {
        Limits limits = job.spec().scheduling().limits();
        if (limits.runMillis().isPresent()) {
            long end = System.nanoTime()
                    + TimeUnit.MILLISECONDS.toNanos(limits.runMillis().getAsLong());
            watch(job, EndCause.TIMEOUT, () -> TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime() + 999_999));
        }
        if (limits.idleMillis().isPresent()) {
            long most = limits.idleMillis().getAsLong();
            watch(job, EndCause.IDLE, () -> {
                OptionalLong since = job.output().idleSince();
                // While a command runs the clock stands still; look again soon enough to notice its end.
                return since.isEmpty()
                        ? Math.min(most, LOOK_MILLIS)
                        : since.getAsLong() + most - System.currentTimeMillis();
            });
        }
    }

    private void watch(Job job, EndCause limit, LongSupplier left) {
        Watch watch = new Watch(job, limit, left);
        if (job.onEnd(watch::end)) {
            watch.run();
        }
    }

    private final class Watch implements Runnable {
        private final Job job;
        private final EndCause limit;
        private final LongSupplier left;
        private @Nullable Future<?> next;
        private boolean over;

        /** @param left milliseconds until the limit, as it looks now */
        Watch(Job job, EndCause limit, LongSupplier left) {
            this.job = job;
            this.limit = limit;
            this.left = left;
        }

        @Override
        public void run() {
            long millis = left.getAsLong();
            if (millis > 0) {
                arm(this, millis);
            } else if (job.limitReached(limit, false)) {
                arm(() -> job.limitReached(limit, true), GRACE_MILLIS);
            }
        }

        private synchronized void arm(Runnable task, long millis) {
            if (!over) {
                next = timer.schedule(task, millis, TimeUnit.MILLISECONDS);
            }
        }

        private synchronized void end() {
            over = true;
            if (next != null) {
                next.cancel(false);
            }
        }
    }
}

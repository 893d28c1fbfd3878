package dev.codexmcp.job;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends all jobs because the server ends: asks their workers first, and kills what is left a moment later. */
final class Shutdown {
    /** How long workers may take to end when they are asked to. */
    private static final long GRACE_MILLIS = 600;

    /** How long it may take, once they are killed, until that is known. */
    private static final long KILL_MILLIS = 1000;

    private final Admission admission;

    Shutdown(Admission admission) {
        this.admission = admission;
    }

    /** Returns when all have ended, or {@link #GRACE_MILLIS} and {@link #KILL_MILLIS} have passed. */
    void run() {
        if (!endAll(false, GRACE_MILLIS)) {
            endAll(true, KILL_MILLIS);
        }
    }

    /** Returns whether all have ended in time. */
    private boolean endAll(boolean force, long millis) {
        List<Job> ending = admission.alive();
        CountDownLatch ends = new CountDownLatch(ending.size());
        for (Job job : ending) {
            if (!job.onEnd(ends::countDown)) {
                ends.countDown();
            }
            try {
                job.askToEnd(EndCause.SHUTDOWN, force);
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
        }
        try {
            return ends.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

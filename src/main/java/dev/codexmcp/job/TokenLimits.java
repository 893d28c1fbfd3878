package dev.codexmcp.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Ends jobs that use too many tokens, and stops the fleet once all jobs together have. Checks running jobs once a second, on a thread that starts with the first job that has a limit. Thread-safe.
 */
final class TokenLimits {
    private static final long LOOK_MILLIS = 1000;

    private final OptionalLong fleetLimit;
    private final Runnable onUsedUp;

    /** Jobs whose tokens are still to be watched or counted. Guarded by {@code this}. */
    private final List<Job> watched = new ArrayList<>();

    /** The tokens of ended jobs. */
    private long counted;

    private boolean looking;
    private volatile boolean usedUp;

    /**
     * @param fleetLimit for all jobs together; empty: no limit
     * @param onUsedUp runs once the fleet has reached its limit, outside locks
     */
    TokenLimits(OptionalLong fleetLimit, Runnable onUsedUp) {
        this.fleetLimit = fleetLimit;
        this.onUsedUp = onUsedUp;
    }

    /** Watches a job whose worker is about to be started, if there is a limit. */
    synchronized void watch(Job job) {
        if (fleetLimit.isEmpty() && job.spec().scheduling().limits().tokens().isEmpty()) {
            return;
        }
        watched.add(job);
        if (!looking) {
            Thread thread = new Thread(this::run, "tokens");
            thread.setDaemon(true);
            thread.start();
            looking = true;
        }
    }

    /** Whether the fleet has used its tokens up. Allocates no memory. */
    boolean usedUp() {
        return usedUp;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                try {
                    look();
                } catch (RuntimeException | Error e) {
                    Failures.report(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same, after an update of what the jobs have used. */
    boolean usedUpNow() {
        if (fleetLimit.isPresent() && !usedUp) {
            look();
        }
        return usedUp;
    }

    /** Updates what all jobs have used. */
    void look() {
        List<Job> over = new ArrayList<>();
        boolean reached;
        synchronized (this) {
            long sum = 0;
            for (Iterator<Job> jobs = watched.iterator(); jobs.hasNext(); ) {
                Job job = jobs.next();
                boolean ended = job.ended();
                long used = job.usage().map(usage -> usage.total()).orElse(0L);
                OptionalLong limit = job.spec().scheduling().limits().tokens();
                if (ended) {
                    counted += used;
                    jobs.remove();
                } else {
                    sum += used;
                    if (limit.isPresent() && used >= limit.getAsLong()) {
                        over.add(job);
                    }
                }
            }
            reached = !usedUp && fleetLimit.isPresent() && counted + sum >= fleetLimit.getAsLong();
            usedUp |= reached;
        }
        over.forEach(job -> job.askToEnd(EndCause.TOKENS, job.limitWasReached()));
        if (reached) {
            onUsedUp.run();
        }
    }
}

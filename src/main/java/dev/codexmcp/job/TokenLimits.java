package dev.codexmcp.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Ends jobs that use too many tokens, and stops the fleet once all jobs together have. Checks running jobs once a second, on a
 * thread that starts with the first job that has a limit: a job over its limit is asked to end, and killed a second later.
 * Thread-safe.
 */
final class TokenLimits {
    private static final long LOOK_MILLIS = 1000;

    private final OptionalLong fleetLimit;
    private final Runnable onUsedUp;

    private final long lookMillis;

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
        this(fleetLimit, onUsedUp, LOOK_MILLIS);
    }

    TokenLimits(OptionalLong fleetLimit, Runnable onUsedUp, long lookMillis) {
        this.fleetLimit = fleetLimit;
        this.onUsedUp = onUsedUp;
        this.lookMillis = lookMillis;
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
                Thread.sleep(lookMillis);
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

    /** The same, after an update of what the jobs have used. Ends no job: two calls may follow each other closely. */
    boolean usedUpNow() {
        if (fleetLimit.isPresent() && !usedUp) {
            count();
        }
        return usedUp;
    }

    /** Updates what all jobs have used, and ends those over their limits: the second time it kills them. */
    void look() {
        List<Job> over = count();
        over.forEach(job -> job.askToEnd(EndCause.TOKENS, job.limitWasReached()));
    }

    /** Updates what all jobs have used. Returns the running ones that are over their limits. */
    private List<Job> count() {
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
        if (reached) {
            onUsedUp.run();
        }
        return over;
    }
}

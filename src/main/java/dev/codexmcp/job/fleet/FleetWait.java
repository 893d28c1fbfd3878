package dev.codexmcp.job.fleet;

import java.util.concurrent.CompletableFuture;

/**
 * A wait for several jobs. Completes with false once enough jobs have ended or, if wanted, a job needs attention; with true when its time is up. Holds no thread. The caller then {@linkplain Fleet#claim claims} what has ended.
 */
public final class FleetWait extends CompletableFuture<Boolean> {
    private final WaitSet set;
    private final int count;
    private final boolean onAttention;

    /** @param count how many of the set must have ended, at least 1 */
    FleetWait(WaitSet set, int count, boolean onAttention) {
        this.set = set;
        this.count = count;
        this.onAttention = onAttention;
    }

    WaitSet set() {
        return set;
    }

    /** What it waits for: the same object for all waits with the same query. */
    public FleetQuery query() {
        return set.query();
    }

    int count() {
        return count;
    }

    boolean onAttention() {
        return onAttention;
    }

    /** How many jobs it waits for, those that have ended included. */
    public int jobs() {
        return set.jobs().size();
    }
}

package dev.codexmcp.job;

import org.jspecify.annotations.Nullable;

/** The requests to end a job. Guarded by the job. */
final class EndRequests {
    private @Nullable EndCause first;
    private boolean forced;
    private boolean killed;

    /**
     * Notes a request.
     *
     * @return the cause that the first request gave, which counts
     */
    EndCause add(EndCause why, boolean force) {
        EndCause counts = first == null ? why : first;
        first = counts;
        forced |= force;
        return counts;
    }

    /** The server kills the worker by itself: that is not a request, and the job fails. */
    void kill() {
        killed = true;
    }

    /** The cause given by the first request; null if there was none. */
    @Nullable
    EndCause first() {
        return first;
    }

    boolean any() {
        return first != null;
    }

    /** Whether the worker is to be ended, by a request or without. */
    boolean anyOrKilled() {
        return first != null || killed;
    }

    /** Whether the worker is to be killed rather than asked to exit. */
    boolean force() {
        return forced || killed;
    }

    /** Whether a job that ends because of them has failed, unless its turn is completed. */
    boolean makeItFail() {
        return first != null && first.isFailure();
    }
}

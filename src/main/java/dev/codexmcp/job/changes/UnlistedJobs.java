package dev.codexmcp.job.changes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Ended jobs that are not in the registry. Clients cannot ask about them unless they are listed later, so they are forgotten some time after their end. Thread-safe.
 */
final class UnlistedJobs {
    /** How many ended jobs are kept: one may be listed right after its end. */
    static final int MOST_ENDED = 32;

    private final Consumer<String> forget;
    private final Set<String> ids = new HashSet<>();
    private final Deque<String> ended = new ArrayDeque<>();

    /** @param forget called with the id of a job that is no longer needed */
    UnlistedJobs(Consumer<String> forget) {
        this.forget = forget;
    }

    synchronized void ended(String id) {
        if (ids.add(id)) {
            ended.add(id);
        }
        while (ended.size() > MOST_ENDED) {
            String oldest = ended.remove();
            if (ids.remove(oldest)) {
                forget.accept(oldest);
            }
        }
    }

    /** The job is in the registry now. */
    synchronized void listed(String id) {
        ids.remove(id);
    }
}

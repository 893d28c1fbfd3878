package dev.codexmcp.job.fleet;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sets of open waits, shared by those that wait for the same. The {@link Fleet}'s lock guards it. */
final class WaitSets {
    private final FleetIndex index;

    /** The sets of open waits that name their jobs: these stay the same, whatever happens to the jobs. */
    private final Map<FleetQuery, WaitSet> named = new HashMap<>();

    /** The set of those who wait for everything; null once there may be a different one. */
    private @Nullable WaitSet everything;

    WaitSets(FleetIndex index) {
        this.index = index;
    }

    /** The jobs that there are to wait for have changed. */
    void changed() {
        everything = null;
    }

    /** The set of a query, without a new wait. */
    WaitSet of(FleetQuery query) {
        if (query.jobIds().isPresent()) {
            WaitSet open = named.get(query);
            return open == null ? new WaitSet(query, index.awaited(query)) : open;
        }
        if (!query.equals(FleetQuery.ALL)) {
            return new WaitSet(query, index.awaited(query));
        }
        if (everything == null) {
            everything = new WaitSet(query, index.awaited(query));
        }
        return everything;
    }

    void join(FleetWait wait) {
        wait.set().join(wait);
        if (wait.query().jobIds().isPresent()) {
            named.put(wait.query(), wait.set());
        }
    }

    void leave(FleetWait wait) {
        if (wait.set().leave(wait)) {
            named.remove(wait.query(), wait.set());
        }
    }
}

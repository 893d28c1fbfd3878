package dev.codexmcp.job.fleet;

import org.jspecify.annotations.Nullable;

/**
 * A list of jobs, the newest last. Moving a job takes constant time and no memory, since each job has its own link. Not thread-safe.
 */
final class Ring {
    /** A job's place in one ring at a time. */
    static final class Link {
        private final @Nullable FleetJob job;
        private Link before = this;
        private Link after = this;

        Link(@Nullable FleetJob job) {
            this.job = job;
        }

        /** Takes the job out of the ring that it is in, if any. */
        void remove() {
            before.after = after;
            after.before = before;
            before = this;
            after = this;
        }

        /** The job that came before, null if this is the oldest. */
        @Nullable
        FleetJob older() {
            return before.job;
        }
    }

    private final Link ends = new Link(null);

    /** Puts a job at the end, from wherever it was. */
    void append(Link link) {
        link.remove();
        link.before = ends.before;
        link.after = ends;
        ends.before.after = link;
        ends.before = link;
    }

    /** Null if there is none. */
    @Nullable
    FleetJob newest() {
        return ends.older();
    }
}

package dev.codexmcp.job;

import java.util.Optional;

/** Finds jobs that this server does not know. */
public interface PastJobs {
    /** Knows of none. */
    PastJobs NONE = new PastJobs() {
        @Override
        public Optional<PastJob> find(String jobId) {
            return Optional.empty();
        }

        @Override
        public Optional<PastJob> lastOf(String threadId) {
            return Optional.empty();
        }
    };

    Optional<PastJob> find(String jobId);

    /** The last job that used this thread. */
    Optional<PastJob> lastOf(String threadId);
}

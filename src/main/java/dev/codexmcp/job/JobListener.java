package dev.codexmcp.job;

/**
 * Learns of every change of every job. Runs on whatever thread made the change, outside of locks, so it must be quick and
 * not block; what it throws is logged and affects nobody.
 */
@FunctionalInterface
public interface JobListener {
    /**
     * A job has entered a state: {@code QUEUED} when it is created, {@code RUNNING} when its worker has been started, and
     * once a state in which it has {@linkplain JobStatus#ended() ended}. A worker that ends at once may have its job ended
     * before it was ever running, and two changes that follow closely may be reported by two threads at a time: what the job
     * is now, the job knows.
     */
    void changed(Job job, JobStatus entered);

    /** A job that could not be started is gone: nobody has learned its id. */
    default void forgotten(Job job) {}
}

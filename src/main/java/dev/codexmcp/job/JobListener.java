package dev.codexmcp.job;

/**
 * Is notified of every state change of every job. Runs on the thread that made the change, outside locks, so it must be
 * quick and not block; what it throws is logged and has no other effect.
 */
@FunctionalInterface
public interface JobListener {
    /**
     * A job has entered a state: {@code QUEUED} when it is created, {@code RUNNING} when its worker has been started,
     * and once an {@linkplain JobStatus#ended() ended} state. A job whose worker exits at once may end without being
     * reported as running, and two threads may report successive changes at the same time: for the current state, ask
     * the job.
     */
    void changed(Job job, JobStatus entered);

    /** The job's worker has named its thread, for the first time or again after a retry. */
    default void threadStarted(Job job) {}

    /** As {@link #changed}, for a job that is not in the registry because a call waits for its end. */
    default void unlisted(Job job, JobStatus entered) {}

    /** A job that could not be started has been dropped. No client knows its id. */
    default void forgotten(Job job) {}
}

package dev.codexmcp.job;

/** Prepares the places where isolated jobs work. */
public interface Workplaces {
    /**
     * The spec of an isolated job in its worktree, which is created if it has none. Blocks.
     *
     * @throws WorkplaceException if it can't be created; the message says why
     */
    JobSpec prepare(Job job) throws WorkplaceException;

    /** The prepared place is not needed: the job was asked to end meanwhile. */
    void unused(Job job, JobSpec prepared);
}

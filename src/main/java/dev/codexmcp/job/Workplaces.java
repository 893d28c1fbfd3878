package dev.codexmcp.job;

/** Prepares the places where isolated jobs work. */
public interface Workplaces {
    /**
     * What an isolated job is to run, in a worktree of its own, which is created if it has none. Blocks.
     *
     * @throws WorkplaceException if there can be none; the message says why
     */
    JobSpec prepare(Job job) throws WorkplaceException;

    /** A prepared place is not needed after all: the job was asked to end meanwhile. */
    void unused(Job job, JobSpec prepared);
}

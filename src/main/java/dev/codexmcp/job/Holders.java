package dev.codexmcp.job;

import java.util.HashSet;
import java.util.Set;

/** The jobs that hold a permit, and how many more may: of all, of those that only read, and of those that write. Guarded by {@link Admission}. */
final class Holders {
    private final SchedulerConfig config;
    private final Set<Job> jobs = new HashSet<>();
    private int readers;

    Holders(SchedulerConfig config) {
        this.config = config;
    }

    boolean isFree(boolean readOnly) {
        return jobs.size() < config.jobs()
                && (readOnly ? readers < config.readers() : jobs.size() - readers < config.writers());
    }

    /** Why there is no permit for a job that does not wait. */
    JobError refusal(boolean readOnly) {
        int cap = readOnly ? config.readers() : config.writers();
        return jobs.size() >= config.jobs()
                ? new JobError.AllPermitsTaken(config.jobs())
                : new JobError.KindPermitsTaken(cap, readOnly);
    }

    /** Gives the job a permit, also beyond the limit. */
    void add(Job job) {
        jobs.add(job);
        readers += JobQueue.isReadOnly(job) ? 1 : 0;
    }

    /** Takes the job's permit back, if it has one. Allocates no memory. */
    void remove(Job job) {
        if (jobs.remove(job)) {
            readers -= JobQueue.isReadOnly(job) ? 1 : 0;
        }
    }

    Set<Job> all() {
        return jobs;
    }
}

package dev.codexmcp.job;

import java.util.OptionalLong;

/**
 * How much the server may do at once, and altogether.
 *
 * @param jobs maximum number of running jobs
 * @param readers maximum number of running jobs whose sandbox is read-only
 * @param writers maximum number of running jobs with any other sandbox
 * @param queued maximum number of waiting jobs
 * @param tokens how many tokens all jobs together may use, input and output; empty: no limit
 * @param defaults for calls that leave these options out
 */
public record SchedulerConfig(
        int jobs, int readers, int writers, int queued, OptionalLong tokens, Scheduling defaults) {
    /** How many jobs may wait unless configured. */
    public static final int DEFAULT_QUEUED = 10_000;

    public SchedulerConfig {
        if (jobs < 1 || readers < 1 || writers < 1 || queued < 1 || tokens.orElse(1) < 1) {
            throw new IllegalArgumentException(jobs + ", " + readers + ", " + writers + ", " + queued + ", " + tokens);
        }
    }

    /** This many running jobs, whatever their sandbox. */
    public static SchedulerConfig of(int jobs) {
        return new SchedulerConfig(jobs, jobs, jobs, DEFAULT_QUEUED, OptionalLong.empty(), Scheduling.NONE);
    }
}

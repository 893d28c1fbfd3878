package dev.codexmcp.job;

import dev.codexmcp.codex.WorkerOptions;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much the server may run at a time, and in total.
 *
 * @param jobs maximum number of running jobs
 * @param readers maximum number of running jobs whose sandbox is read-only
 * @param writers maximum number of running jobs with any other sandbox
 * @param queued maximum number of waiting jobs
 * @param tokens how many tokens all jobs together may use, input and output; empty: no limit
 * @param defaults for calls that leave these options out
 * @param options likewise
 * @param stateFolder where the server may keep files; created when needed
 */
public record SchedulerConfig(
        int jobs,
        int readers,
        int writers,
        int queued,
        OptionalLong tokens,
        Scheduling defaults,
        WorkerOptions options,
        Path stateFolder) {
    /** How many jobs may wait unless configured. */
    public static final int DEFAULT_QUEUED = 10_000;

    public SchedulerConfig {
        if (jobs < 1 || readers < 1 || writers < 1 || queued < 1 || tokens.orElse(1) < 1) {
            throw new IllegalArgumentException(jobs + ", " + readers + ", " + writers + ", " + queued + ", " + tokens);
        }
    }

    /** No default options; files go below the system's folder for temporary ones. */
    public SchedulerConfig(int jobs, int readers, int writers, int queued, OptionalLong tokens, Scheduling defaults) {
        this(
                jobs,
                readers,
                writers,
                queued,
                tokens,
                defaults,
                WorkerOptions.NONE,
                Path.of(System.getProperty("java.io.tmpdir"), "codex-mcp-server"));
    }

    /** This many running jobs, whatever their sandbox. */
    public static SchedulerConfig of(int jobs) {
        return new SchedulerConfig(jobs, jobs, jobs, DEFAULT_QUEUED, OptionalLong.empty(), Scheduling.NONE);
    }

    /** The same with these default options and this folder. */
    public SchedulerConfig with(WorkerOptions otherOptions, Path otherFolder) {
        return new SchedulerConfig(jobs, readers, writers, queued, tokens, defaults, otherOptions, otherFolder);
    }
}

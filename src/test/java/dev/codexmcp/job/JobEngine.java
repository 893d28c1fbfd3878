package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.worker.LocalLauncher;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** A registry and a scheduler of jobs, with their timer. */
public record JobEngine(JobRegistry registry, JobScheduler scheduler, ScheduledThreadPoolExecutor timer)
        implements AutoCloseable {
    /** JobEngine that run this CLI. */
    public static JobEngine of(CodexCli cli, int permits) {
        ScheduledThreadPoolExecutor timer = JobTimer.create();
        JobRegistry registry = new JobRegistry();
        return new JobEngine(
                registry,
                new JobScheduler(registry, new LocalLauncher(timer), cli, SchedulerConfig.of(permits), timer),
                timer);
    }

    /** JobEngine that run this program. */
    public static JobEngine of(String program, int permits) {
        return of(new CodexCli(Optional.of(program), "/usr/bin:/bin"), permits);
    }

    @Override
    public void close() {
        scheduler.close();
        timer.shutdownNow();
    }
}

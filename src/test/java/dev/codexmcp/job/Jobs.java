package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.worker.LocalLauncher;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The parts that run a server's jobs. */
public record Jobs(JobRegistry registry, JobScheduler scheduler, ScheduledThreadPoolExecutor timer)
        implements AutoCloseable {
    /** Jobs that run this CLI. */
    public static Jobs of(CodexCli cli, int permits) {
        ScheduledThreadPoolExecutor timer = JobTimer.create();
        JobRegistry registry = new JobRegistry();
        return new Jobs(registry, new JobScheduler(registry, new LocalLauncher(timer), cli, permits), timer);
    }

    /** Jobs that run this program. */
    public static Jobs of(String program, int permits) {
        return of(new CodexCli(Optional.of(program), "/usr/bin:/bin"), permits);
    }

    @Override
    public void close() {
        scheduler.close();
        timer.shutdownNow();
    }
}

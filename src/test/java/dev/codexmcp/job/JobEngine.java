package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.changes.ChangeSettings;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.worker.LocalLauncher;
import java.nio.file.Path;
import java.util.Map;
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

    /** What is known of the changes of jobs: only their patches. */
    public Changes changes() {
        Changes changes = new Changes(
                new ChangeSettings(Optional.of("This test takes no snapshots"), Path.of("/nowhere"), Map.of()));
        registry.listen(changes);
        return changes;
    }

    @Override
    public void close() {
        scheduler.close();
        timer.shutdownNow();
    }
}

package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.worker.DepthLimitedLauncher;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TooDeepTest {
    @Test
    void aServerThatRunsTooDeepRefusesJobsAndRunsAndTakesNoPermit() {
        FakeLauncher launcher = new FakeLauncher();
        JobRegistry registry = new JobRegistry();
        try (JobScheduler scheduler = new JobScheduler(
                registry,
                new DepthLimitedLauncher(launcher, 1, Map.of("CODEX_MCP_JOB", "outer/job")),
                new CodexCli(Optional.of("/bin/true"), ""),
                SchedulerConfig.of(1),
                JobTimer.create())) {
            JobSpec spec = FakeLauncher.spec(FakeLauncher.Start.WELL);

            for (int i = 0; i < 3; i++) {
                assertThat(catchThrowableOfType(JobException.class, () -> scheduler.spawn(spec))
                                .error())
                        .isInstanceOf(JobError.TooDeep.class);
                assertThat(catchThrowableOfType(JobException.class, () -> scheduler.run(spec))
                                .error())
                        .isInstanceOf(JobError.TooDeep.class);
            }

            assertThat(scheduler.permitsTaken()).isZero();
            assertThat(registry.list()).isEmpty();
            assertThat(launcher.workers).isEmpty();
        }
    }
}

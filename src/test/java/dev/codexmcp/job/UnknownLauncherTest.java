package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.FakeLauncher.Start;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnknownLauncherTest {
    @Test
    void aLauncherThatIsNotConfiguredIsRefusedAndNothingStarts() {
        FakeLauncher launcher = new FakeLauncher() {
            @Override
            public List<String> names() {
                return List.of("local", "slurm");
            }
        };
        JobRegistry registry = new JobRegistry();
        try (JobScheduler scheduler = new JobScheduler(
                registry,
                launcher,
                new CodexCli(Optional.of("/bin/true"), ""),
                SchedulerConfig.of(1),
                JobTimer.create())) {
            Scheduling elsewhere = new Scheduling(true, 0, List.of(), Limits.NONE, 0, Optional.of("nowhere"));

            JobError error = catchThrowableOfType(
                            JobException.class,
                            () -> scheduler.spawn(FakeLauncher.spec(Start.WELL).with(elsewhere)))
                    .error();

            assertThat(error).isEqualTo(new JobError.UnknownLauncher("nowhere", List.of("local", "slurm")));
            assertThat(registry.list()).isEmpty();
            assertThat(launcher.workers).isEmpty();
            assertThat(scheduler.permitsTaken()).isZero();
        }
    }
}

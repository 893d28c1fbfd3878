package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.testkit.Polling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three permits, of which readers take two at most and writers one. */
class KindCapsTest {
    private final FakeLauncher launcher = new FakeLauncher();
    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final JobScheduler scheduler = new JobScheduler(
            new JobRegistry(),
            launcher,
            new CodexCli(Optional.of("/bin/sh"), ""),
            new SchedulerConfig(3, 2, 1, 100, OptionalLong.empty(), Scheduling.NONE),
            timer);

    @AfterEach
    void close() {
        scheduler.close();
        timer.shutdownNow();
    }

    private static JobSpec spec(Sandbox sandbox, boolean queue, int priority) {
        return new JobSpec(
                        FakeLauncher.spec(Start.WELL).command(),
                        WorkerOptions.NONE,
                        sandbox,
                        Optional.empty(),
                        Map.of())
                .with(new Scheduling(queue, priority, List.of(), Limits.NONE));
    }

    private Job reader(int priority) throws JobException {
        return scheduler.spawn(spec(Sandbox.READ_ONLY, true, priority));
    }

    private Job writer(int priority) throws JobException {
        return scheduler.spawn(spec(Sandbox.WORKSPACE_WRITE, true, priority));
    }

    private static void awaitStart(Job job) {
        Polling.until("the start", () -> job.status() == JobStatus.RUNNING);
    }

    @Test
    void aWriterThatCantStartHoldsUpNoReader() throws Exception {
        Job first = writer(0);
        Job blocked = writer(100);
        Job one = reader(-100);
        Job two = reader(-100);

        assertThat(List.of(first, one, two)).allMatch(job -> job.status() == JobStatus.RUNNING);
        assertThat(blocked.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(scheduler.waitsFor(blocked)).contains(new QueueReason.Permit());
        first.cancel(false);
        awaitStart(blocked);
    }

    @Test
    void aReaderThatCantStartHoldsUpNoWriter() throws Exception {
        Job one = reader(0);
        reader(0);
        Job blocked = reader(100);
        Job writer = writer(-100);
        assertThat(writer.status()).isEqualTo(JobStatus.RUNNING);

        writer.cancel(false);
        Job next = writer(0);
        assertThat(next.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(blocked.status()).isEqualTo(JobStatus.QUEUED);
        one.cancel(false);
        awaitStart(blocked);
    }

    @Test
    void anyOtherSandboxThanReadOnlyIsAWriters() throws Exception {
        Job full = scheduler.spawn(spec(Sandbox.DANGER_FULL_ACCESS, true, 0));
        Job writer = writer(0);

        assertThat(full.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(writer.status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void aRefusalNamesTheCapOfItsKind() throws Exception {
        writer(0);
        assertThatThrownBy(() -> scheduler.spawn(spec(Sandbox.WORKSPACE_WRITE, false, 0)))
                .extracting(refused -> ((JobException) refused).error())
                .isEqualTo(new JobError.KindPermitsTaken(1, false));
        reader(0);
        reader(0);
        assertThatThrownBy(() -> scheduler.spawn(spec(Sandbox.READ_ONLY, false, 0)))
                .extracting(refused -> ((JobException) refused).error())
                .isEqualTo(new JobError.AllPermitsTaken(3));
        assertThat(scheduler.permitsTaken()).isEqualTo(3);
    }

    @Test
    void aQueuedWriterThatIsMadeAReaderStartsAsOne() throws Exception {
        writer(0);
        Job waiting = writer(0);
        assertThat(waiting.status()).isEqualTo(JobStatus.QUEUED);

        assertThat(scheduler.replace(waiting, spec(Sandbox.READ_ONLY, true, 0))).isTrue();

        awaitStart(waiting);
        Job reader = reader(0);
        Job more = reader(0);
        assertThat(reader.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(more.status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void theHeirOfAWriterMayBeAReader() throws Exception {
        Job writer = writer(0);
        Job waiting = writer(0);
        scheduler.interrupt(writer);
        Job heir = scheduler.spawn(spec(Sandbox.READ_ONLY, false, 0), writer);
        scheduler.succeededBy(writer, Optional.of(heir));

        awaitStart(waiting);
        assertThat(scheduler.permitsTaken()).isEqualTo(2);
        heir.cancel(false);
        waiting.cancel(false);
        assertThat(scheduler.permitsTaken()).isZero();
    }
}

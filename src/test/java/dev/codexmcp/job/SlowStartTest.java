package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.testkit.Polling;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queued jobs whose place takes long to prepare. */
class SlowStartTest {
    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final FakeLauncher launcher = new FakeLauncher();
    private final JobScheduler scheduler = new JobScheduler(
            new JobRegistry(), launcher, new CodexCli(Optional.of("/bin/sh"), ""), SchedulerConfig.of(2), timer);

    /** Lets the places be prepared. */
    private final CountDownLatch go = new CountDownLatch(1);

    @BeforeEach
    void prepareSlowly() {
        scheduler.use(new Workplaces() {
            @Override
            public JobSpec prepare(Job job) throws WorkplaceException {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new WorkplaceException("interrupted", e);
                }
                return job.spec();
            }

            @Override
            public void unused(Job job, JobSpec prepared) {}
        });
    }

    @AfterEach
    void close() {
        go.countDown();
        scheduler.close();
        timer.shutdownNow();
    }

    private Job queue(Place place) throws JobException {
        return scheduler.spawn(FakeLauncher.spec(Start.WELL)
                .with(new Scheduling(true, 0, List.of(), Limits.NONE))
                .at(place));
    }

    private void freePermits() {
        launcher.running().forEach(worker -> worker.exit(WorkerlessJobs.EXIT_0));
    }

    @Test
    void delayNoOthers() throws Exception {
        queue(Place.SHARED);
        queue(Place.SHARED);
        Job slow = queue(new Place(true, Optional.empty(), List.of()));
        Job quick = queue(Place.SHARED);

        freePermits();

        Polling.until("the start of the job behind it", () -> quick.status() == JobStatus.RUNNING);
        assertThat(slow.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(scheduler.waitsFor(slow).map(QueueReason::inWords)).contains("is about to start");
        assertThat(scheduler.permitsTaken()).isEqualTo(2);

        go.countDown();
        Polling.until("its own start", () -> slow.status() == JobStatus.RUNNING);
        assertThat(scheduler.waitsFor(slow)).isEmpty();
    }

    @Test
    void mayBeCanceledMeanwhileAndReturnTheirPermits() throws Exception {
        queue(Place.SHARED);
        queue(Place.SHARED);
        Job slow = queue(new Place(true, Optional.empty(), List.of()));
        freePermits();
        Polling.until("the start of its preparation", () -> scheduler.permitsTaken() == 1);

        assertThat(slow.cancel(false)).isTrue();

        assertThat(slow.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(scheduler.permitsTaken()).isZero();
        go.countDown();
        Job next = queue(Place.SHARED);
        assertThat(next.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(slow.status()).isEqualTo(JobStatus.CANCELED);
    }
}

package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.FakeLauncher.FakeWorker;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.worker.ExitStatus;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever fails while a job starts or ends, its permit is returned and its listeners are notified. */
class JobEndTest {
    private static final int STEPS = 5;

    private final FakeLauncher launcher = new FakeLauncher();
    private final JobRegistry registry = new JobRegistry();
    private final List<String> changes = new ArrayList<>();

    private JobScheduler scheduler() {
        return scheduler(-1, Error::new);
    }

    /** A scheduler that throws at the end of a job, before the given step or after the last one. */
    private JobScheduler scheduler(int failBefore, Supplier<? extends Throwable> failure) {
        registry.listen((job, entered) -> changes.add(entered.name()));
        return new JobScheduler(
                registry,
                launcher,
                new CodexCli(Optional.of("/bin/sh"), ""),
                SchedulerConfig.of(1),
                JobTimer.create(),
                steps -> {
                    assertThat(steps).hasSize(STEPS);
                    List<EndSteps.Step> altered = new ArrayList<>(Arrays.asList(steps));
                    if (failBefore >= 0) {
                        altered.add(failBefore, job -> JobEndTest.<RuntimeException>raise(failure.get()));
                    }
                    return altered.toArray(EndSteps.Step[]::new);
                });
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void raise(Throwable failure) throws T {
        throw (T) failure;
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "1, true",
        "2, true",
        "3, true",
        "4, true",
        "5, true",
        "0, false",
        "1, false",
        "2, false",
        "3, false",
        "4, false",
        "5, false"
    })
    void aFailingStepOfTheEndDoesNotStopTheOthers(int failBefore, boolean error) throws Exception {
        JobScheduler scheduler = scheduler(
                failBefore, () -> error ? new OutOfMemoryError("a full heap") : new IllegalStateException("a defect"));
        Job job = scheduler.spawn(FakeLauncher.spec(Start.WELL));
        List<String> notified = new ArrayList<>();
        job.onEnd(() -> notified.add("one"));
        job.onEnd(() -> {
            throw new OutOfMemoryError("a listener");
        });
        job.onEnd(() -> {
            throw new IllegalStateException("a listener");
        });
        job.onEnd(() -> notified.add("two"));
        registry.listen((changed, entered) -> {
            throw new OutOfMemoryError("from a listener");
        });
        registry.listen((changed, entered) -> notified.add("all: " + entered));

        launcher.running().get(0).exit(WorkerlessJobs.EXIT_1);

        assertThat(job.snapshot().status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.snapshot().cause()).contains(EndCause.EXIT);
        assertThat(ShellJobs.ends(job)).isEqualTo("1 and done");
        assertThat(scheduler.permitsTaken()).isZero();
        assertThat(notified).containsExactly("all: FAILED", "one", "two");
        assertThat(changes).containsExactly("QUEUED", "RUNNING", "FAILED");
        assertThat(scheduler.spawn(FakeLauncher.spec(Start.WELL)).ended()).isFalse();
    }

    @Test
    void anEndAllocatesNoMemory() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        JobScheduler scheduler = new JobScheduler(
                registry,
                launcher,
                new CodexCli(Optional.of("/bin/sh"), ""),
                SchedulerConfig.of(1),
                JobTimer.create(),
                steps -> Arrays.copyOf(steps, STEPS - 1));
        int[] notified = {0};
        registry.listen((job, entered) -> notified[0]++);
        long used = -1;
        for (int i = 0; i < 3; i++) { // the first ones load classes
            Job job = scheduler.spawn(FakeLauncher.spec(Start.WELL));
            WorkerlessJobs.say(job, WorkerlessJobs.message("hi"));
            job.onEnd(() -> notified[0]++);
            job.onEnd(() -> notified[0]++);
            FakeWorker worker = launcher.running().get(0);
            ExitStatus exit = WorkerlessJobs.EXIT_0;
            long before = threads.getCurrentThreadAllocatedBytes();
            worker.exit(exit);
            used = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(job.snapshot().status()).isEqualTo(JobStatus.DONE);
        }

        assertThat(used).isZero();
        assertThat(notified[0]).isEqualTo(15);
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "RUNTIME_EXCEPTION", "OUT_OF_MEMORY"})
    void aStartThatFailsInAnyWayLeavesNoJobAndReturnsItsPermit(Start start) {
        JobScheduler scheduler = scheduler();
        List<JobSnapshot> ended = new ArrayList<>();
        registry.listen((job, entered) -> {
            if (entered.ended()) {
                ended.add(job.snapshot());
            }
        });

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> scheduler.spawn(FakeLauncher.spec(start)))
                    .isInstanceOf(
                            switch (start) {
                                case REFUSED -> JobException.class;
                                case RUNTIME_EXCEPTION -> IllegalStateException.class;
                                case OUT_OF_MEMORY -> OutOfMemoryError.class;
                                case WELL, ENDS_AT_ONCE -> throw new IllegalArgumentException();
                            });
            assertThatThrownBy(() -> scheduler.run(FakeLauncher.spec(start))).isNotNull();
        }

        assertThat(scheduler.permitsTaken()).isZero();
        assertThat(registry.list()).isEmpty();
        assertThat(ended)
                .hasSize(3)
                .allSatisfy(end -> assertThat(end.cause()).contains(EndCause.START))
                .allSatisfy(end -> assertThat(end.status()).isEqualTo(JobStatus.FAILED));
        assertThat(changes).containsExactly("QUEUED", "FAILED", "QUEUED", "FAILED", "QUEUED", "FAILED");
    }

    @Test
    void aStartedWorkerIsKilledIfItsJobCannotTakeItOver() {
        FakeLauncher twice = new FakeLauncher() {
            @Override
            public dev.codexmcp.worker.Worker start(
                    dev.codexmcp.worker.WorkerCommand command,
                    dev.codexmcp.worker.OutputSink stdout,
                    dev.codexmcp.worker.OutputSink stderr,
                    dev.codexmcp.worker.WorkerListener listener)
                    throws dev.codexmcp.worker.StartException {
                // The job enters RUNNING here already, so that the scheduler's own attempt is illegal.
                registry.list().get(0).started(force -> {}, 1);
                return super.start(command, stdout, stderr, listener);
            }
        };
        JobScheduler scheduler = new JobScheduler(
                registry, twice, new CodexCli(Optional.of("/bin/sh"), ""), SchedulerConfig.of(1), JobTimer.create());

        assertThatThrownBy(() -> scheduler.spawn(FakeLauncher.spec(Start.WELL)))
                .isInstanceOf(IllegalStateException.class);

        assertThat(twice.workers).hasSize(1).allMatch(FakeWorker::ended);
        assertThat(registry.list()).isEmpty();
        assertThat(scheduler.permitsTaken()).isZero();
    }

    @Test
    void aWorkerThatExitsBeforeItsStartIsReportedLeavesAnEndedJob() throws Exception {
        JobScheduler scheduler = scheduler();
        Job job = scheduler.spawn(FakeLauncher.spec(Start.ENDS_AT_ONCE));

        assertThat(job.snapshot().status()).isEqualTo(JobStatus.DONE);
        assertThat(registry.find(job.id())).isSameAs(job);
        assertThat(scheduler.permitsTaken()).isZero();
        assertThat(changes).containsExactly("QUEUED", "DONE");
    }

    @Test
    void shutdownIsTheCauseOfTheEndsItForces() throws Exception {
        JobScheduler scheduler = scheduler();
        Job job = scheduler.spawn(FakeLauncher.spec(Start.WELL));
        Job blocking = scheduler.run(FakeLauncher.spec(Start.WELL));

        scheduler.close();

        assertThat(List.of(job.snapshot().cause(), blocking.snapshot().cause()))
                .containsOnly(Optional.of(EndCause.SHUTDOWN));
        assertThat(changes).containsExactly("QUEUED", "RUNNING", "CANCELED");
        assertThatThrownBy(() -> scheduler.spawn(FakeLauncher.spec(Start.WELL)))
                .isInstanceOf(JobException.class)
                .extracting(refused -> ((JobException) refused).error())
                .isEqualTo(new JobError.ShuttingDown());
    }
}

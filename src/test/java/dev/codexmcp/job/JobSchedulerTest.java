package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.faults.ShellCodex;
import dev.codexmcp.testkit.Polling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Never more jobs than the cap, and no permit lost or returned twice. */
class JobSchedulerTest {
    @TempDir
    Path scratch;

    private final ExecutorService threads = Executors.newFixedThreadPool(16);
    private final List<JobEngine> opened = new ArrayList<>();

    @AfterEach
    void close() {
        threads.shutdownNow();
        opened.forEach(JobEngine::close);
    }

    private JobScheduler scheduler(String program, int permits) {
        JobEngine jobs = JobEngine.of(program, permits);
        opened.add(jobs);
        return jobs.scheduler();
    }

    private <T> List<Future<T>> together(int times, Callable<T> task) {
        List<Future<T>> results = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            results.add(threads.submit(task));
        }
        return results;
    }

    @Test
    void exactlyAsManyOfTwoHundredConcurrentSpawnsStartAsThereArePermits() throws Exception {
        JobScheduler scheduler = scheduler("/bin/sh", 32);
        Queue<Job> started = new ConcurrentLinkedQueue<>();
        Queue<JobError> refusals = new ConcurrentLinkedQueue<>();

        for (Future<Boolean> spawn : together(200, () -> {
            try {
                return started.add(scheduler.spawn(ShellJobs.shell("exec sleep 1000")));
            } catch (JobException e) {
                return refusals.add(e.error());
            }
        })) {
            spawn.get();
        }

        assertThat(started).hasSize(32).noneMatch(Job::ended);
        assertThat(refusals).hasSize(168).containsOnly(new JobError.AllPermitsTaken(32));
        assertThat(scheduler.permitsTaken()).isEqualTo(32);

        started.forEach(job -> job.cancel(true));
        Polling.until("permits", () -> scheduler.permitsTaken() == 0);
        assertThat(scheduler.spawn(ShellJobs.shell("exit 0")).id()).isNotEmpty();
    }

    @Test
    void aJobCanceledWhileItsPlaceIsPreparedIsCanceled() throws Exception {
        JobScheduler scheduler = scheduler("/bin/sh", 1);
        scheduler.use(new Workplaces() {
            @Override
            public JobSpec prepare(Job job) {
                job.cancel(false);
                return job.spec();
            }

            @Override
            public void unused(Job job, JobSpec prepared) {}
        });

        Job job = scheduler.spawn(ShellJobs.shell("exit 0").at(new Place(true, Optional.empty(), List.of())));

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(scheduler.permitsTaken()).isZero();
    }

    @Test
    void noPermitIsLostInAHundredThousandSpawnsWhileJobsEnd(TestReporter reporter) throws Exception {
        JobScheduler scheduler = scheduler("/bin/sh", 4);
        JobSpec good = ShellJobs.shell(":");
        JobSpec bad = ShellJobs.shell("x".repeat(200_000)); // an argument too long: fails after the permit is taken
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger unstarted = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        Queue<Job> started = new ConcurrentLinkedQueue<>();

        for (Future<?> worker : together(16, () -> {
            for (int i = tries.getAndIncrement(); i < 100_000; i = tries.getAndIncrement()) {
                try {
                    Job job = scheduler.spawn(i % 3 == 0 ? bad : good);
                    started.add(job);
                    if (!job.onEnd(ended::incrementAndGet)) {
                        ended.incrementAndGet();
                    }
                    if (i % 7 == 0) {
                        job.cancel(i % 2 == 0);
                    }
                } catch (JobException e) {
                    boolean cap = e.error() instanceof JobError.AllPermitsTaken;
                    (cap ? refused : unstarted).incrementAndGet();
                    if (cap && i % 50 == 0) {
                        // Refusals are instant: without a pause all spawns would be over before the first job ends.
                        Polling.until("a free permit", () -> scheduler.permitsTaken() < 4);
                    }
                }
            }
            return true;
        })) {
            worker.get();
        }

        Polling.until("permits", () -> scheduler.permitsTaken() == 0);
        Polling.until("ends", () -> ended.get() == started.size());
        assertThat(started)
                .hasSizeGreaterThan(50)
                .allMatch(Job::ended)
                .allSatisfy(job -> assertThat(ShellJobs.ends(job)).isEqualTo("1 and done"));
        assertThat(unstarted.get()).isPositive();
        assertThat(started.size() + refused.get() + unstarted.get()).isEqualTo(100_000);
        reporter.publishEntry(
                "100,000 spawns",
                started.size() + " started, " + unstarted + " could not start, " + refused + " were refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"No such file", "Argument list too long", "not an executable file", "does not exist"})
    void failedStartNamesItsCauseAndReturnsItsPermit(String cause) throws Exception {
        Path program = scratch.resolve("codex");
        JobSpec spec = ShellJobs.shell(":");
        switch (cause) {
            case "No such file" -> ShellCodex.program(program, "#!/nowhere/interpreter\n");
            case "Argument list too long" -> {
                ShellCodex.program(program, "#!/bin/sh\n");
                spec = ShellJobs.spec("x".repeat(3_000_000));
            }
            case "not an executable file" -> Files.writeString(program, "#!/bin/sh\n");
            default -> {}
        }
        JobScheduler scheduler = scheduler(program.toString(), 1);
        JobSpec attempt = spec;

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> scheduler.spawn(attempt))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining(program.toString())
                    .hasMessageContaining(cause);
            assertThat(scheduler.permitsTaken()).isZero();
        }
        Files.deleteIfExists(program);
        ShellCodex.program(program, "#!/bin/sh\n");
        Job job = scheduler.spawn(ShellJobs.spec("go"));
        Polling.until("end", () -> job.ended());
        assertThat(job.snapshot().status()).isEqualTo(JobStatus.DONE);
    }

    @Test
    void startRefusedByTheJdkLeavesNoJob() throws Exception {
        JobEngine jobs = JobEngine.of("/bin/sh", 1);
        opened.add(jobs);
        JobSpec shell = ShellJobs.shell(":");
        JobSpec odd = new JobSpec(
                shell.command(), shell.options(), shell.sandbox(), shell.label(), Map.of("no=name", "value"));

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> jobs.scheduler().spawn(odd)).isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(jobs.registry().list()).isEmpty();
        assertThat(jobs.scheduler().permitsTaken()).isZero();
        Job job = jobs.scheduler().spawn(shell);
        Polling.until("end", job::ended);
    }

    @Test
    void shutdownDuringSpawnsLeavesNothingRunning() throws Exception {
        for (int round = 0; round < 6; round++) {
            JobScheduler scheduler = scheduler("/bin/sh", 1000);
            Queue<Job> started = new ConcurrentLinkedQueue<>();
            AtomicInteger refused = new AtomicInteger();
            boolean stubborn = round % 3 == 0;
            List<Future<Boolean>> spawning = together(8, () -> {
                try {
                    while (true) {
                        started.add(
                                scheduler.spawn(ShellJobs.shell(stubborn ? "trap '' TERM; sleep 1000" : "sleep 1000")));
                    }
                } catch (JobException e) {
                    assertThat(e.error()).isEqualTo(new JobError.ShuttingDown());
                    refused.incrementAndGet();
                }
                return true;
            });
            int some = round;
            Polling.until("jobs", () -> started.size() > some * 2);

            scheduler.close();

            for (Future<Boolean> thread : spawning) {
                thread.get();
            }
            assertThat(refused.get()).isEqualTo(8);
            Polling.until("ends", () -> started.stream().allMatch(Job::ended));
            Polling.until("permits", () -> scheduler.permitsTaken() == 0);
            assertThat(started).allSatisfy(job -> {
                assertThat(job.snapshot().status()).isEqualTo(JobStatus.CANCELED);
                assertThat(ShellJobs.ends(job)).isEqualTo("1 and done");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/nowhere/codex"})
    void warmUpLeavesNoJobAndAllPermits(String program) throws Exception {
        JobScheduler scheduler = scheduler(program, 2);
        scheduler.warmUp();

        assertThat(scheduler.permitsTaken()).isZero();
        Polling.until(
                "all started processes to end",
                () -> ProcessHandle.current()
                        .children()
                        .map(child -> child.info().command().orElse(""))
                        .noneMatch(command -> command.endsWith("/echo")));
    }

    @Test
    void jobsRunAfterWarmUp() throws Exception {
        JobScheduler scheduler = scheduler("/bin/sh", 1);
        scheduler.warmUp();
        Job job = scheduler.spawn(ShellJobs.shell("exit 3"));

        Polling.until("the job to end", () -> job.ended());
        assertThat(job.snapshot().exit().orElseThrow().code()).isEqualTo(3);
    }

    @Test
    void warmUpDoesNothingAfterClose() {
        JobScheduler scheduler = scheduler("/bin/sh", 1);
        scheduler.close();
        scheduler.warmUp();

        assertThatThrownBy(() -> scheduler.spawn(ShellJobs.shell(":")))
                .isInstanceOf(JobException.class)
                .extracting(refused -> ((JobException) refused).error())
                .isEqualTo(new JobError.ShuttingDown());
    }
}

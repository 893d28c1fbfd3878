package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.FakeLauncher.FakeWorker;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.job.log.FakeLogs;
import dev.codexmcp.testkit.Polling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenLimitsTest {
    private static final OptionalLong NO = OptionalLong.empty();

    @TempDir
    private Path home;

    private final FakeLauncher launcher = new FakeLauncher();
    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final List<JobScheduler> schedulers = new ArrayList<>();

    @AfterEach
    void close() {
        schedulers.forEach(JobScheduler::close);
        timer.shutdownNow();
    }

    private JobScheduler scheduler(int jobs, OptionalLong fleetLimit) {
        SchedulerConfig config = new SchedulerConfig(jobs, jobs, jobs, 100, fleetLimit, Scheduling.NONE);
        JobScheduler made =
                new JobScheduler(new JobRegistry(), launcher, new CodexCli(Optional.of("/bin/sh"), ""), config, timer);
        schedulers.add(made);
        return made;
    }

    private Job spawn(JobScheduler scheduler, boolean queue, OptionalLong tokens) throws JobException {
        Scheduling scheduling = new Scheduling(queue, 0, List.of(), new Limits(NO, NO, tokens));
        return scheduler.spawn(
                Rollout.in(home).with(FakeLauncher.spec(Start.WELL)).with(scheduling));
    }

    /** The newest worker reports a turn with this many tokens. */
    private FakeWorker uses(int tokens) {
        FakeWorker worker = launcher.running().get(launcher.running().size() - 1);
        say(worker, Rollout.turnCompleted(Rollout.tokens(tokens / 2)));
        return worker;
    }

    private static void say(FakeWorker worker, String line) {
        FakeLogs.say(worker.stdout, line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aJobThatUsesMoreThanItMayEnds() throws Exception {
        JobScheduler scheduler = scheduler(3, NO);
        Job greedy = spawn(scheduler, false, OptionalLong.of(1000));
        say(launcher.running().get(0), Rollout.in(home).threadStarted());
        Job modest = spawn(scheduler, false, OptionalLong.of(1000));
        Job free = spawn(scheduler, false, NO);
        Rollout.in(home).count(Instant.now().plusSeconds(1), Rollout.tokens(500), Rollout.tokens(500));

        Polling.until("the limit", greedy::ended);

        assertThat(greedy.status()).isEqualTo(JobStatus.FAILED);
        assertThat(greedy.snapshot().reason()).contains("tokens");
        assertThat(List.of(modest, free)).noneMatch(Job::ended);
        assertThat(scheduler.permitsTaken()).isEqualTo(2);
    }

    @Test
    void aFleetThatHasUsedUpItsTokensStartsNothingMore() throws Exception {
        JobScheduler scheduler = scheduler(1, OptionalLong.of(1000));
        spawn(scheduler, false, NO);
        Job next = spawn(scheduler, true, NO);
        List<Job> queued = List.of(spawn(scheduler, true, NO), spawn(scheduler, true, NO));
        uses(998).exit(WorkerlessJobs.EXIT_0);
        Polling.until("its start", () -> next.status() == JobStatus.RUNNING);

        uses(2).exit(WorkerlessJobs.EXIT_0);
        Polling.until("the end of the queue", () -> queued.stream().allMatch(Job::ended));

        assertThat(next.status()).isEqualTo(JobStatus.DONE);
        assertThat(queued)
                .allMatch(job -> job.status() == JobStatus.FAILED)
                .allMatch(job -> job.snapshot().reason().equals(Optional.of("tokens")))
                .allMatch(job -> job.snapshot().startedAt().isEmpty());
        assertThat(launcher.workers).hasSize(2);
        for (boolean queue : new boolean[] {false, true}) {
            assertThatThrownBy(() -> spawn(scheduler, queue, NO))
                    .extracting(refused -> ((JobException) refused).error())
                    .isEqualTo(new JobError.TokensUsedUp(1000));
        }
        Polling.until("permits", () -> scheduler.permitsTaken() == 0);
    }

    @Test
    void runningJobsContinueWhenTheFleetHasUsedUpItsTokens() throws Exception {
        JobScheduler scheduler = scheduler(2, OptionalLong.of(1000));
        Job running = spawn(scheduler, false, NO);
        spawn(scheduler, false, NO);
        uses(1000);

        assertThatThrownBy(() -> spawn(scheduler, false, NO)).isInstanceOf(JobException.class);

        assertThat(running.status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void runningAndEndedJobsCountOnce() throws Exception {
        JobScheduler scheduler = scheduler(9, OptionalLong.of(1000));
        spawn(scheduler, false, NO);
        FakeWorker first = uses(400);
        spawn(scheduler, false, NO);
        uses(400);
        for (int i = 0; i < 5; i++) {
            spawn(scheduler, false, NO); // each one looks
        }
        first.exit(WorkerlessJobs.EXIT_0);
        Job last = spawn(scheduler, false, NO);
        assertThat(last.status()).isEqualTo(JobStatus.RUNNING);
        uses(200).exit(WorkerlessJobs.EXIT_0);

        assertThatThrownBy(() -> spawn(scheduler, false, NO)).isInstanceOf(JobException.class);
    }

    @Test
    void blockingCallsCount() throws Exception {
        JobScheduler scheduler = scheduler(1, OptionalLong.of(1000));
        scheduler.run(FakeLauncher.spec(Start.WELL));
        uses(1000).exit(WorkerlessJobs.EXIT_0);

        assertThatThrownBy(() -> scheduler.run(FakeLauncher.spec(Start.WELL))).isInstanceOf(JobException.class);
        assertThatThrownBy(() -> spawn(scheduler, true, NO)).isInstanceOf(JobException.class);
    }

    @Test
    void startsOfOthersDoNotHastenTheEndOfAJobOverItsLimit() {
        TokenLimits limits = new TokenLimits(OptionalLong.of(1_000_000), () -> {}, Long.MAX_VALUE);
        Scheduling scheduling = new Scheduling(false, 0, List.of(), new Limits(NO, NO, OptionalLong.of(1000)));
        List<Boolean> signals = new ArrayList<>();
        Job job = new Job("job-1", WorkerlessJobs.SPEC.with(scheduling), new EndSteps(Job::notifyListeners));
        limits.watch(job);
        job.starting("/bin/codex", System.currentTimeMillis());
        job.started(signals::add, 1);
        WorkerlessJobs.say(job, Rollout.turnCompleted(Rollout.tokens(500)));

        limits.usedUpNow();
        limits.usedUpNow();
        assertThat(signals).isEmpty();

        limits.look();
        limits.usedUpNow();
        assertThat(signals).containsExactly(false);

        limits.look();
        assertThat(signals).containsExactly(false, true);
    }
}

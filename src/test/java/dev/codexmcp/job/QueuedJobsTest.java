package dev.codexmcp.job;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.testkit.Polling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that wait for a permit or for each other. */
class QueuedJobsTest {
    private static final String RATE_LIMIT =
            "{\"type\":\"turn.failed\",\"error\":{\"message\":\"exceeded retry limit, last status: 429 Too Many Requests\"}}\n";

    private final FakeLauncher launcher = new FakeLauncher();
    private final JobRegistry registry = new JobRegistry();
    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final Queue<Job> startedInOrder = new ConcurrentLinkedQueue<>();
    private final Queue<String> threads = new ConcurrentLinkedQueue<>();
    private JobScheduler scheduler =
            scheduler(new SchedulerConfig(1, 1, 1, 20_000, OptionalLong.empty(), Scheduling.NONE));

    @AfterEach
    void close() {
        scheduler.close();
        timer.shutdownNow();
    }

    private JobScheduler scheduler(SchedulerConfig config) {
        registry.listen((job, entered) -> {
            if (entered == JobStatus.RUNNING) {
                startedInOrder.add(job);
                threads.add(Thread.currentThread().getName());
            }
        });
        return new JobScheduler(registry, launcher, new CodexCli(Optional.of("/bin/sh"), ""), config, timer);
    }

    private static Scheduling scheduling(int priority, String... dependsOn) {
        return new Scheduling(true, priority, List.of(dependsOn), Limits.NONE);
    }

    private static Scheduling limited(Limits limits) {
        return new Scheduling(true, 0, List.of(), limits);
    }

    private Job queue(int priority, String... dependsOn) throws JobException {
        return scheduler.spawn(FakeLauncher.spec(Start.WELL).with(scheduling(priority, dependsOn)));
    }

    private void exitAllUntil(String what, java.util.function.BooleanSupplier condition) {
        Polling.until(what, () -> {
            launcher.running().forEach(worker -> worker.exit(WorkerlessJobs.EXIT_0));
            return condition.getAsBoolean();
        });
    }

    @Test
    void jobsStartByPriorityThenInTheirOrderOnTheQueuesThread() throws Exception {
        Job running = queue(0);
        Job low = queue(-1);
        Job first = queue(0);
        Job second = queue(0);
        Job high = queue(100);

        assertThat(running.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(List.of(low, first, second, high)).allMatch(job -> job.status() == JobStatus.QUEUED);
        assertThat(List.of(low.position(), first.position(), second.position(), high.position()))
                .containsExactly(1, 1, 2, 1);
        assertThat(low.snapshot().startedAt()).isEmpty();
        assertThatJson(ShellJobs.event(second, 0))
                .inPath("content")
                .isEqualTo("{\"jobId\":\"" + second.id() + "\",\"kind\":\"queued\",\"position\":2}");

        exitAllUntil("the end of all", () -> registry.list().stream().allMatch(Job::ended));
        Polling.until("the last change", () -> startedInOrder.size() == 5);
        assertThat(startedInOrder).containsExactly(running, high, first, second, low);
        assertThat(threads.stream().skip(1)).containsOnly("queue");
        assertThatJson(ShellJobs.event(second, 1)).inPath("content.kind").isEqualTo("spawned");
    }

    @Test
    void aJobThatDidNotAskForTheQueueIsRefused() throws Exception {
        queue(0);
        assertThatThrownBy(() -> scheduler.spawn(FakeLauncher.spec(Start.WELL)))
                .extracting(refused -> ((JobException) refused).error())
                .isEqualTo(new JobError.AllPermitsTaken(1));
        assertThatThrownBy(() -> queue(0, "nobody"))
                .extracting(refused -> ((JobException) refused).error())
                .isEqualTo(new JobError.UnknownDependency("nobody"));
    }

    @Test
    void aChainOfTenThousandEndsWithItsFirst() throws Exception {
        Job first = queue(0);
        List<Job> chain = new ArrayList<>(List.of(first));
        for (int i = 0; i < 10_000; i++) {
            chain.add(queue(0, chain.get(i).id()));
        }

        first.cancel(false);

        Polling.until("the end of the chain", () -> chain.stream().allMatch(Job::ended));
        assertThat(chain).allMatch(job -> job.status() == JobStatus.CANCELED);
        assertThat(chain.stream().skip(1))
                .allMatch(job -> job.snapshot().reason().equals(Optional.of("dependency")));
        assertThat(first.snapshot().reason()).isEmpty();
        assertThat(launcher.workers).hasSize(1);
        Polling.until("permits", () -> scheduler.permitsTaken() == 0);
    }

    @Test
    void theSuccessorOfAnInterruptedJobTakesOverItsPermitAndItsDependents() throws Exception {
        Job old = queue(0);
        Job other = queue(100);
        Job dependent = queue(0, old.id());

        assertThat(scheduler.interrupt(old)).isTrue();
        assertThat(old.ended()).isTrue();
        assertThat(scheduler.permits()).isEqualTo(new Permits(1, 1));
        Job heir = scheduler.spawn(FakeLauncher.spec(Start.WELL), old);
        scheduler.succeededBy(old, Optional.of(heir));

        assertThat(other.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(scheduler.permitsTaken()).isOne();
        exitAllUntil("the dependent's end", dependent::ended);
        assertThat(dependent.status()).isEqualTo(JobStatus.DONE);
        assertThat(startedInOrder).containsExactly(old, heir, other, dependent);
    }

    @Test
    void anInterruptedJobWithoutASuccessorGivesItsPermitBack() throws Exception {
        Job old = queue(0);
        Job dependent = queue(0, old.id());
        scheduler.interrupt(old);
        scheduler.succeededBy(old, Optional.empty());

        Polling.until("the dependent's end", dependent::ended);
        assertThat(dependent.snapshot().reason()).contains("dependency");
        assertThat(scheduler.permitsTaken()).isZero();
    }

    @Test
    void aQueuedJobThatCantStartFailsAndTheNextOneStarts() throws Exception {
        Job running = queue(0);
        Job refused = scheduler.spawn(FakeLauncher.spec(Start.REFUSED).with(scheduling(0)));
        Job next = queue(0);

        running.cancel(false);

        Polling.until("the next one's start", () -> next.status() == JobStatus.RUNNING);
        assertThat(refused.status()).isEqualTo(JobStatus.FAILED);
        assertThat(refused.snapshot().reason()).contains("start");
        assertThat(refused.snapshot().details().message()).contains("refused");
    }

    @Test
    void aQueuedJobKeepsItsPositionWhenRedirectedAndIsCanceledImmediately() throws Exception {
        Job running = queue(0);
        Job waiting = queue(0);
        JobSpec other =
                FakeLauncher.spec(Start.ENDS_AT_ONCE).with(waiting.spec().scheduling());

        assertThat(scheduler.replace(waiting, other)).isTrue();
        assertThat(waiting.spec()).isEqualTo(other);
        assertThat(scheduler.replace(running, other)).isFalse();
        assertThat(waiting.cancel(false)).isTrue();
        assertThat(waiting.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(scheduler.replace(waiting, other)).isFalse();
        assertThat(running.ended()).isFalse();
    }

    @Test
    void anEndingServerStartsNoQueuedJob() throws Exception {
        queue(0);
        Job waiting = queue(0);

        scheduler.close();

        assertThat(waiting.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(waiting.snapshot().reason()).isEmpty();
        assertThat(launcher.workers).hasSize(1);
    }

    @Test
    void aRateLimitHoldsTheQueueButNotWhatDoesNotUseIt() throws Exception {
        Job limited = queue(0);
        launcher.running().forEach(worker -> {
            dev.codexmcp.job.log.FakeLogs.say(
                    worker.stdout, RATE_LIMIT.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            worker.exit(WorkerlessJobs.EXIT_1);
        });
        assertThat(limited.snapshot().reason()).contains("rate_limit");
        assertThat(limited.snapshot().details().message().orElseThrow()).startsWith("exceeded retry limit");
        assertThat(scheduler.hold().map(Hold::reason)).contains("rate_limit");

        Job waiting = queue(0);
        assertThat(waiting.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(scheduler.spawn(FakeLauncher.spec(Start.WELL)).status()).isEqualTo(JobStatus.RUNNING);
        exitAllUntil("the end of the hold", () -> waiting.status() == JobStatus.RUNNING || waiting.ended());
    }

    @Test
    void jobsThatTakeTooLongFail() throws Exception {
        Scheduling run = limited(new Limits(OptionalLong.of(1), OptionalLong.empty(), OptionalLong.empty()));
        Scheduling idle = limited(new Limits(OptionalLong.empty(), OptionalLong.of(1), OptionalLong.empty()));
        Job long1 = scheduler.spawn(FakeLauncher.spec(Start.WELL).with(run));
        Polling.until("the limit", long1::ended);
        Job silent = scheduler.spawn(FakeLauncher.spec(Start.WELL).with(idle));
        Polling.until("the limit", silent::ended);

        assertThat(long1.status()).isEqualTo(JobStatus.FAILED);
        assertThat(long1.snapshot().reason()).contains("timeout");
        assertThat(silent.status()).isEqualTo(JobStatus.FAILED);
        assertThat(silent.snapshot().reason()).contains("idle");
    }
}

package dev.codexmcp.job;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.job.FakeLauncher.FakeWorker;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.testkit.Polling;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that go on after a limit of the provider. A hold of some seconds lies between two attempts. */
class RetriesTest {
    private static final String RATE_LIMIT = failure("exceeded retry limit, last status: 429 Too Many Requests");
    private static final String OVERLOADED = failure("Selected model is at capacity. Please try a different model.");

    private final FakeLauncher launcher = new FakeLauncher();
    private final JobRegistry registry = new JobRegistry();
    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final JobScheduler scheduler = new JobScheduler(
            registry, launcher, new CodexCli(Optional.of("/bin/sh"), ""), SchedulerConfig.of(1), timer);

    private static String failure(String message) {
        return "{\"type\":\"turn.failed\",\"error\":{\"message\":\"" + message + "\"}}\n";
    }

    @AfterEach
    void close() {
        scheduler.close();
        timer.shutdownNow();
    }

    private Job spawn(int retries, Limits limits) throws JobException {
        return scheduler.spawn(
                FakeLauncher.spec(Start.WELL).with(new Scheduling(false, 0, List.of(), limits, retries)));
    }

    private FakeWorker worker() {
        return launcher.running().get(0);
    }

    private void awaitAttempt(Job job, int attempt) {
        Polling.until(
                "attempt " + attempt, () -> job.attempts().number() == attempt && job.status() == JobStatus.RUNNING);
    }

    private static List<CodexEventKind> kinds(Job job) {
        var events = job.output().events().reader();
        return IntStream.range(0, events.size()).mapToObj(events::kind).toList();
    }

    @Test
    void theSameJobWaitsWithoutAPermitAndContinuesItsLog() throws Exception {
        Job job = spawn(2, Limits.NONE);
        long startedAt = job.snapshot().startedAt().orElseThrow();
        worker().exit(RATE_LIMIT, 1);

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(scheduler.permitsTaken()).isZero();
        assertThat(scheduler.hold().orElseThrow().reason()).isEqualTo("rate_limit");
        assertThat(scheduler.waitsFor(job)).containsInstanceOf(QueueReason.Held.class);
        Job other = spawn(0, Limits.NONE); // it did not ask for the queue, so the hold is none of its business
        worker().exit(WorkerlessJobs.EXIT_0);
        assertThat(other.status()).isEqualTo(JobStatus.DONE);

        awaitAttempt(job, 2);
        worker().exit(WorkerlessJobs.EXIT_0);
        assertThat(job.status()).isEqualTo(JobStatus.DONE);
        assertThat(job.snapshot().startedAt()).contains(startedAt);
        assertThat(kinds(job))
                .containsExactly(
                        CodexEventKind.SPAWNED,
                        CodexEventKind.TURN_FAILED,
                        CodexEventKind.RETRY,
                        CodexEventKind.SPAWNED,
                        CodexEventKind.FINAL);
        assertThatJson(ShellJobs.event(job, 0)).inPath("content").isObject().doesNotContainKey("attempt");
        assertThatJson(ShellJobs.event(job, 2))
                .inPath("content")
                .isEqualTo(
                        "{\"jobId\":\"" + job.id() + "\",\"kind\":\"retrying\",\"attempt\":2,\"reason\":\"rate_limit\","
                                + "\"message\":\"exceeded retry limit, last status: 429 Too Many Requests\"}");
        assertThatJson(ShellJobs.event(job, 3)).inPath("content.attempt").isEqualTo(2);
        assertThatJson(ShellJobs.event(job, 4)).inPath("content.attempt").isEqualTo(2);
        assertThat(scheduler.permitsTaken()).isZero();
    }

    @Test
    void onceTheRetriesAreUsedUpTheLimitIsTheReason() throws Exception {
        Job job = spawn(1, Limits.NONE);
        worker().exit(OVERLOADED, 1);
        awaitAttempt(job, 2);
        worker().exit(OVERLOADED, 1);

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.snapshot().reason()).contains("overloaded");
    }

    @Test
    void aFailureOfTheLastAttemptIsNotExplainedByAnEarlierOne() throws Exception {
        Job job = spawn(1, Limits.NONE);
        worker().exit(RATE_LIMIT, 1);
        awaitAttempt(job, 2);
        worker().exit("", 1);

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.snapshot().reason()).contains("exit");
        assertThat(job.snapshot().details().message()).isEmpty();
    }

    @Test
    void otherFailuresAreNotRetried() throws Exception {
        for (String output : List.of(
                failure("You've hit your usage limit."),
                failure("unexpected status 401 Unauthorized"),
                "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\",\"type\":\"agent_message\",\"text\":"
                        + "\"exceeded retry limit, last status: 429\"}}\n")) {
            Job job = spawn(5, Limits.NONE);
            worker().exit(output, 1);
            assertThat(job.status()).as(output).isEqualTo(JobStatus.FAILED);
            assertThat(job.attempts().number()).isEqualTo(1);
        }
        Job none = spawn(0, Limits.NONE);
        worker().exit(RATE_LIMIT, 1);
        assertThat(none.status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void aJobThatWaitsForAnotherAttemptCanBeCanceledAndReplaced() throws Exception {
        Job canceled = spawn(1, Limits.NONE);
        worker().exit(RATE_LIMIT, 1);
        assertThat(canceled.cancel(false)).isTrue();
        assertThat(canceled.status()).isEqualTo(JobStatus.CANCELED);

        Job replaced = spawn(1, Limits.NONE);
        worker().exit(RATE_LIMIT, 1);
        JobSpec other =
                FakeLauncher.spec(Start.ENDS_AT_ONCE).with(replaced.spec().scheduling());
        assertThat(scheduler.replace(replaced, other)).isTrue();
        Polling.until("the end", replaced::ended);
        assertThat(replaced.status()).isEqualTo(JobStatus.DONE);
        assertThat(replaced.output().lastMessage()).contains("hi");
        assertThat(scheduler.permitsTaken()).isZero();
    }

    @Test
    void anInterruptedJobIsNotRetried() throws Exception {
        Job job = spawn(1, Limits.NONE);
        FakeWorker worker = worker();
        job.toBeSucceeded();
        worker.exit(RATE_LIMIT, 1);

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void theTimeBetweenTwoAttemptsDoesNotCountAsRunningTime() throws Exception {
        Job job = spawn(1, new Limits(OptionalLong.of(3000), OptionalLong.of(3000), OptionalLong.empty()));
        worker().exit(RATE_LIMIT, 1);

        awaitAttempt(job, 2); // the hold was longer than both limits
        Polling.until("the end", job::ended);
        assertThat(job.snapshot().reason().orElseThrow()).isIn("timeout", "idle");
    }

    @Test
    void aServerThatEndsStartsNoFurtherAttempt() throws Exception {
        Job job = spawn(5, Limits.NONE);
        worker().exit(RATE_LIMIT, 1);
        scheduler.close();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(launcher.workers).hasSize(1);
    }
}

package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.OutputSink;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerListener;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a job ends because of its time: its timer looks when the test says so. */
class TimeLimitsTest {
    private static final String CALL =
            "{\"type\":\"item.started\",\"item\":{\"id\":\"%s\",\"type\":\"command_execution\",\"command\":\"make\"}}\n";
    private static final String RESULT =
            "{\"type\":\"item.completed\",\"item\":{\"id\":\"%s\",\"type\":\"command_execution\",\"command\":\"make\"}}\n";
    private static final String TOOL =
            "{\"type\":\"item.started\",\"item\":{\"id\":\"t\",\"type\":\"mcp_tool_call\",\"server\":\"s\",\"tool\":\"t\"}}\n";
    private static final String SEARCH =
            "{\"type\":\"item.started\",\"item\":{\"id\":\"w\",\"type\":\"web_search\",\"query\":\"q\"}}\n";
    private static final String NO_NETWORK = WorkerlessJobs.error("Reconnecting... waiting for network (no route)");

    private static final OptionalLong NO = OptionalLong.empty();

    private final Looks timer = new Looks();
    private final FakeLauncher launcher = new FakeLauncher();
    private JobScheduler scheduler = scheduler(launcher);

    private JobScheduler scheduler(FakeLauncher with) {
        return new JobScheduler(
                new JobRegistry(), with, new CodexCli(Optional.of("/bin/sh"), ""), SchedulerConfig.of(9), timer);
    }

    @AfterEach
    void close() {
        scheduler.close();
        timer.shutdownNow();
    }

    /** Runs what is scheduled again and again, when told to. */
    private static final class Looks extends ScheduledThreadPoolExecutor {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

        Looks() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long pause, TimeUnit unit) {
            tasks.add(task);
            ScheduledFuture<?> handle = super.schedule(() -> {}, 1, TimeUnit.HOURS);
            return handle;
        }

        void look() {
            tasks.forEach(Runnable::run);
        }
    }

    private Job start(OptionalLong run, OptionalLong idle) throws JobException {
        Limits limits = new Limits(run, idle, NO);
        return scheduler.spawn(FakeLauncher.spec(Start.WELL).with(new Scheduling(false, 0, List.of(), limits)));
    }

    private void lookUntilEnd(Job job) {
        Polling.until("the limit", () -> {
            timer.look();
            return job.ended();
        });
    }

    @Test
    void theReasonNamesTheLimit() throws Exception {
        Job tooLong = start(OptionalLong.of(1), NO);
        Job silent = start(NO, OptionalLong.of(1));
        Job free = start(NO, NO);
        Job patient = start(NO, OptionalLong.of(3_600_000));
        lookUntilEnd(tooLong);
        lookUntilEnd(silent);

        assertThat(tooLong.status()).isEqualTo(JobStatus.FAILED);
        assertThat(tooLong.snapshot().reason()).contains("timeout");
        assertThat(silent.status()).isEqualTo(JobStatus.FAILED);
        assertThat(silent.snapshot().reason()).contains("idle");
        assertThat(List.of(free, patient)).noneMatch(Job::ended);
    }

    @Test
    void theClockOfSilenceStopsDuringACommandAToolCallOrASearch() throws Exception {
        for (String unfinished : List.of(CALL.formatted("c"), TOOL, SEARCH)) {
            Job job = start(NO, OptionalLong.of(3_600_000));
            WorkerlessJobs.say(job, unfinished + NO_NETWORK);
            assertThat(job.output().idleSince()).as(unfinished).isEmpty();
        }
        Job job = start(NO, OptionalLong.of(1));
        WorkerlessJobs.say(job, CALL.formatted("one"));
        long called = System.currentTimeMillis();
        Polling.until("more time than the limit", () -> {
            timer.look();
            return System.currentTimeMillis() > called + 50;
        });
        assertThat(job.ended()).isFalse();

        WorkerlessJobs.say(job, CALL.formatted("two") + RESULT.formatted("one"));
        timer.look();
        assertThat(job.ended()).as("one of two is still running").isFalse();
        WorkerlessJobs.say(job, RESULT.formatted("two"));
        lookUntilEnd(job);

        assertThat(job.snapshot().reason()).contains("idle");
    }

    @Test
    void endlesslyRepeatedErrorsAreNotASignOfLife() throws Exception {
        Job job = start(NO, OptionalLong.of(1));
        OptionalLong before = job.output().idleSince();
        Polling.until("a later error", () -> {
            WorkerlessJobs.say(job, NO_NETWORK);
            return job.output()
                            .events()
                            .lines()
                            .time(job.output().events().lines().last(CodexEventKind.ERROR))
                    > before.getAsLong();
        });

        assertThat(job.output().idleSince()).isEqualTo(before);
        lookUntilEnd(job);
        assertThat(job.snapshot().reason()).contains("idle");
    }

    @Test
    void aWorkerThatDoesNotEndIsKilled() throws Exception {
        Queue<Boolean> asked = new ConcurrentLinkedQueue<>();
        scheduler = scheduler(new FakeLauncher() {
            @Override
            public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener) {
                return force -> {
                    asked.add(force);
                    if (force) {
                        listener.ended(new ExitStatus(null, "SIGKILL"));
                    }
                };
            }
        });
        Job job = start(OptionalLong.of(1), NO);

        lookUntilEnd(job);

        assertThat(asked).containsExactly(false, true);
        assertThat(job.snapshot().reason()).contains("timeout");
    }

    @Test
    void anEndedJobIsNotWatchedAnyMore() throws Exception {
        Job job = start(OptionalLong.of(3_600_000), OptionalLong.of(3_600_000));
        assertThat(timer.getQueue()).hasSize(2);

        job.cancel(false);

        assertThat(timer.getQueue()).allMatch(task -> ((ScheduledFuture<?>) task).isCancelled());
    }

    @Test
    void aFailedLookIsMadeUpForByTheNext() throws Exception {
        int[] failures = {3};
        scheduler = scheduler(new FakeLauncher() {
            @Override
            public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener) {
                return force -> {
                    if (failures[0]-- > 0) {
                        throw new OutOfMemoryError("a full heap");
                    }
                    listener.ended(new ExitStatus(null, "SIGTERM"));
                };
            }
        });
        Job job = start(OptionalLong.of(1), NO);

        lookUntilEnd(job);

        assertThat(job.snapshot().reason()).contains("timeout");
    }
}

package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.FakeLauncher.FakeWorker;
import dev.codexmcp.job.FakeLauncher.Start;
import dev.codexmcp.testkit.Polling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * However starts, ends, cancels, interrupts, holds, used-up tokens and the shutdown interleave: no permit is lost or returned
 * twice, every job ends once, every listener is notified once, and an interrupted job has at most one successor.
 */
class JobInterleavingTest {
    private static final int PERMITS = 3;
    private static final int TOKENS = 1000;

    /** The hold that follows is short. */
    private static final String LIMIT =
            "{\"type\":\"turn.failed\",\"error\":{\"message\":\"rate limit exceeded: try again in 5ms\"}}\n";

    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @AfterContainer
    static void stopThreads() {
        THREADS.shutdownNow();
    }

    /** What one thread does next. */
    private enum Step {
        SPAWN,
        SPAWN_SHORT,
        SPAWN_REFUSED,
        SPAWN_DEFECT,
        SPAWN_FULL_HEAP,
        QUEUE,
        QUEUE_REFUSED,
        QUEUE_FULL_HEAP,
        QUEUE_DEPENDENT,
        REDIRECT,
        RUN,
        EXIT_0,
        EXIT_1,
        EXIT_AT_LIMIT,
        EXIT_COSTLY,
        CANCEL,
        FORCE,
        INTERRUPT,
        INTERRUPT_AGAIN,
        SHUTDOWN
    }

    @Property(tries = 500)
    void nothingIsLostOrDuplicated(
            @ForAll @Size(max = 40) List<Step> steps, @ForAll @IntRange(min = 1, max = 3) int threads)
            throws Exception {
        // Each limit to the fleet's tokens keeps a thread, so only some of the tries have one.
        Play play = new Play(steps.size() % 8 == 0 ? OptionalLong.of(TOKENS) : OptionalLong.empty());
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Future<?>> players = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int first = i;
            players.add(THREADS.submit(() -> {
                together.await();
                for (int step = first; step < steps.size(); step += threads) {
                    play.take(steps.get(step), step);
                }
                return null;
            }));
        }
        for (Future<?> player : players) {
            player.get();
        }
        play.check();
    }

    private static final class Play {
        private final FakeLauncher launcher = new FakeLauncher();
        private final JobRegistry registry = new JobRegistry();
        private final JobScheduler scheduler;

        /** Every job of which a listener was notified, with the states. */
        private final Map<Job, Queue<JobStatus>> changes = new ConcurrentHashMap<>();

        private final Map<Job, AtomicInteger> ends = new ConcurrentHashMap<>();
        private final Map<Job, AtomicInteger> successors = new ConcurrentHashMap<>();
        private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
        private final AtomicInteger mostPermits = new AtomicInteger();

        Play(OptionalLong tokens) {
            scheduler = new JobScheduler(
                    registry,
                    launcher,
                    new CodexCli(Optional.of("/bin/sh"), ""),
                    new SchedulerConfig(PERMITS, PERMITS, PERMITS, 100, tokens, Scheduling.NONE),
                    JobTimer.create());
            registry.listen((job, entered) -> {
                changes.computeIfAbsent(job, any -> new ConcurrentLinkedQueue<>())
                        .add(entered);
                mostPermits.accumulateAndGet(scheduler.permitsTaken(), Math::max);
            });
        }

        void take(Step step, int random) {
            switch (step) {
                case SPAWN -> spawn(Start.WELL);
                case SPAWN_SHORT -> spawn(Start.ENDS_AT_ONCE);
                case SPAWN_REFUSED -> spawn(Start.REFUSED);
                case SPAWN_DEFECT -> spawn(Start.RUNTIME_EXCEPTION);
                case SPAWN_FULL_HEAP -> spawn(Start.OUT_OF_MEMORY);
                case QUEUE -> queue(Start.WELL, random, List.of());
                case QUEUE_REFUSED -> queue(Start.REFUSED, random, List.of());
                case QUEUE_FULL_HEAP -> queue(Start.OUT_OF_MEMORY, random, List.of());
                case QUEUE_DEPENDENT ->
                    any(registry.list(), random).ifPresent(job -> queue(Start.ENDS_AT_ONCE, random, List.of(job.id())));
                case REDIRECT ->
                    any(registry.list(), random)
                            .ifPresent(job -> scheduler.replace(job, FakeLauncher.spec(Start.ENDS_AT_ONCE)));
                case RUN -> {
                    try {
                        started(scheduler.run(FakeLauncher.spec(Start.WELL)));
                    } catch (JobException e) {
                        assertThat(e.error()).isIn(new JobError.ShuttingDown(), new JobError.TokensUsedUp(TOKENS));
                    }
                }
                case EXIT_0 -> any(launcher.running(), random).ifPresent(worker -> worker.exit(WorkerlessJobs.EXIT_0));
                case EXIT_1 -> any(launcher.running(), random).ifPresent(worker -> worker.exit(WorkerlessJobs.EXIT_1));
                case EXIT_AT_LIMIT -> any(launcher.running(), random).ifPresent(worker -> worker.exit(LIMIT, 1));
                case EXIT_COSTLY ->
                    any(launcher.running(), random)
                            .ifPresent(worker -> worker.exit(Rollout.turnCompleted(Rollout.tokens(TOKENS)), 0));
                case CANCEL -> any(List.copyOf(jobs), random).ifPresent(job -> job.cancel(false));
                case FORCE -> any(List.copyOf(jobs), random).ifPresent(job -> job.cancel(true));
                case INTERRUPT, INTERRUPT_AGAIN ->
                    any(List.copyOf(jobs), random).ifPresent(this::interrupt);
                case SHUTDOWN -> scheduler.close();
            }
        }

        private static <T> Optional<T> any(List<T> all, int random) {
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random % all.size()));
        }

        private Optional<Job> spawn(Start start) {
            try {
                Job job = scheduler.spawn(FakeLauncher.spec(start));
                started(job);
                return Optional.of(job);
            } catch (JobException | IllegalStateException | OutOfMemoryError refused) {
                return Optional.empty();
            }
        }

        private void queue(Start start, int priority, List<String> dependsOn) {
            Scheduling scheduling = new Scheduling(true, priority % 3, dependsOn, Limits.NONE);
            try {
                started(scheduler.spawn(FakeLauncher.spec(start).with(scheduling)));
            } catch (JobException | OutOfMemoryError refused) {
                // It could have started now, but did not; or the server is ending.
            }
        }

        private void started(Job job) {
            jobs.add(job);
            AtomicInteger ended = ends.computeIfAbsent(job, any -> new AtomicInteger());
            if (!job.onEnd(ended::incrementAndGet)) {
                ended.incrementAndGet();
            }
        }

        private void interrupt(Job job) {
            if (scheduler.interrupt(job)) {
                successors.computeIfAbsent(job, any -> new AtomicInteger()).incrementAndGet();
                scheduler.succeededBy(job, spawn(Start.WELL));
            }
        }

        void check() {
            Polling.until("the end of all jobs", () -> {
                launcher.running().forEach(worker -> worker.exit(WorkerlessJobs.EXIT_0));
                return jobs.stream().allMatch(Job::ended);
            });
            assertThat(launcher.workers).allMatch(FakeWorker::ended);

            // The end of a job that was started from the queue is seen before its permit is back.
            Polling.until("all permits are back", () -> scheduler.permitsTaken() == 0);
            Polling.until(
                    "all changes are known",
                    () -> changes.entrySet().stream()
                            .allMatch(change ->
                                    change.getValue().contains(change.getKey().status())));
            assertThat(mostPermits.get()).isBetween(0, PERMITS);
            assertThat(ends.values()).allMatch(count -> count.get() == 1);
            assertThat(successors.values()).allMatch(count -> count.get() == 1);
            assertThat(jobs).allSatisfy(job -> assertThat(ShellJobs.ends(job)).isEqualTo("1 and done"));
            assertThat(changes.keySet()).containsAll(registry.list()).allMatch(Job::ended);
            assertThat(changes)
                    .allSatisfy((job, entered) -> assertThat(entered)
                            .doesNotHaveDuplicates()
                            .contains(JobStatus.QUEUED, job.status())
                            .filteredOn(JobStatus::ended)
                            .hasSize(1));
        }
    }
}

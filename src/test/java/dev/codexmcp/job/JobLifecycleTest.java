package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.faults.ControlledWorker;
import dev.codexmcp.faults.Permutations;
import dev.codexmcp.testkit.Polling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a job ends, it ends once: one status, one last event, one permit returned. */
@EnabledOnOs(OS.LINUX)
class JobLifecycleTest {
    @TempDir
    Path scratch;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** What can happen to one job; a shutdown affects all. */
    private enum Step {
        EXIT,
        STDOUT_ENDS,
        STDERR_ENDS,
        CANCEL,
        FORCE
    }

    /**
     * All 720 orders of the five steps above and the shutdown: for each position of the shutdown one registry, whose
     * 120 jobs go through the 120 orders of the others concurrently. A forced cancel includes the exit, and the
     * shutdown kills after a second what still runs: an exit later in the order has then already happened.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void jobEndsOnceInEveryOrderWithTheShutdownAtThisPosition(int shutdownAt) throws Exception {
        List<List<Step>> orders = Permutations.of(List.of(Step.values()));
        JobEngine jobs = JobEngine.of(ControlledWorker.program(scratch).toString(), orders.size());
        List<Play> plays = new ArrayList<>();
        try {
            for (List<Step> order : orders) {
                Path folder = Files.createTempDirectory(scratch, "puppet");
                plays.add(new Play(order, folder, jobs.scheduler().spawn(ShellJobs.spec(folder.toString()))));
            }
            for (Play play : plays) {
                play.takeStrings();
            }
            Future<?> shutdown = null;
            for (int step = 0; step < Step.values().length; step++) {
                if (step == shutdownAt) {
                    shutdown = threads.submit(jobs::close);
                }
                for (Play play : plays) {
                    play.apply(play.order.get(step));
                }
            }
            if (shutdown == null) {
                shutdown = threads.submit(jobs::close);
            }
            shutdown.get();

            for (Play play : plays) {
                play.check();
            }
            Polling.until("all permits are back", () -> jobs.scheduler().permitsTaken() == 0);
        } finally {
            plays.forEach(Play::close);
            jobs.close();
        }
        // No late step returned a permit twice.
        assertThat(jobs.scheduler().permitsTaken()).isZero();
        assertThat(plays).allSatisfy(play -> assertThat(play.told.get()).isEqualTo(1));
    }

    /** One job and one order of steps. */
    private static final class Play {
        private final List<Step> order;
        private final Path folder;
        private final Job job;
        private final AtomicInteger told = new AtomicInteger();
        private final List<Boolean> cancels = new ArrayList<>();
        private final List<ControlledWorker> puppet = new ArrayList<>(1);

        Play(List<Step> order, Path folder, Job job) {
            this.order = order;
            this.folder = folder;
            this.job = job;
            assertThat(job.onEnd(told::incrementAndGet)).isTrue();
        }

        void takeStrings() {
            puppet.add(new ControlledWorker(folder));
            puppet.get(0).say("{\"type\":\"turn.started\"}\n");
            Polling.until(
                    "the worker's output to be read",
                    () -> job.output().events().size() == 2
                            && !job.output().stderrTail().isEmpty());
        }

        void apply(Step step) {
            switch (step) {
                case EXIT -> puppet.get(0).exit();
                case STDOUT_ENDS -> puppet.get(0).endStdout();
                case STDERR_ENDS -> puppet.get(0).endStderr();
                case CANCEL -> cancels.add(job.cancel(false));
                case FORCE -> {
                    cancels.add(job.cancel(true));
                    if (cancels.get(cancels.size() - 1)) {
                        puppet.get(0).awaitGone();
                    }
                }
            }
        }

        void check() {
            Polling.until(order + " to end", () -> told.get() > 0);
            JobSnapshot end = job.snapshot();
            assertThat(ShellJobs.ends(job)).as("%s", order).isEqualTo("1 and done");
            assertThat(job.output().events().size()).as("%s", order).isEqualTo(3);
            if (cancels.contains(true)) {
                assertThat(end.status()).as("%s %s", order, cancels).isEqualTo(JobStatus.CANCELED);
            } else {
                // Nothing asked it to end in time, except perhaps the shutdown.
                assertThat(end.status()).as("%s %s", order, cancels).isIn(JobStatus.DONE, JobStatus.CANCELED);
            }
            assertThat(job.cancel(true)).isFalse();
            assertThat(job.snapshot()).as("%s", order).isEqualTo(end);
        }

        void close() {
            puppet.forEach(ControlledWorker::close);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EXIT, STDOUT_ENDS, STDERR_ENDS",
                "STDERR_ENDS, EXIT, STDOUT_ENDS",
                "STDOUT_ENDS, STDERR_ENDS, EXIT"
            })
    void cancelAfterTheEndIsRefusedAndChangesNothing(String order) throws Exception {
        try (JobEngine jobs = JobEngine.of(ControlledWorker.program(scratch).toString(), 1)) {
            Path folder = Files.createTempDirectory(scratch, "puppet");
            List<Step> steps =
                    List.of(order.split(", ")).stream().map(Step::valueOf).toList();
            Play play = new Play(steps, folder, jobs.scheduler().spawn(ShellJobs.spec(folder.toString())));
            play.takeStrings();
            steps.forEach(play::apply);
            Polling.until("end", () -> play.told.get() == 1);

            play.apply(Step.CANCEL);
            play.apply(Step.FORCE);

            assertThat(play.cancels).containsExactly(false, false);
            assertThat(play.job.snapshot().status()).isEqualTo(JobStatus.DONE);
            play.check();
            assertThat(jobs.scheduler().permitsTaken()).isZero();
            play.close();
        }
    }

    @Test
    void concurrentCancelsDuringTheEndLeaveOneEnd() throws Exception {
        int rounds = 150;
        try (JobEngine jobs = JobEngine.of("/bin/sh", 4)) {
            CyclicBarrier together = new CyclicBarrier(3);
            int canceled = 0;
            for (int round = 0; round < rounds; round++) {
                AtomicInteger told = new AtomicInteger();
                Job job = jobs.scheduler().spawn(ShellJobs.shell(round % 2 == 0 ? ":" : "exec sleep 1000"));
                boolean listening = job.onEnd(told::incrementAndGet);
                List<Future<Boolean>> cancels = new ArrayList<>();
                for (boolean force : new boolean[] {false, true, false}) {
                    cancels.add(threads.submit(() -> {
                        together.await();
                        return job.cancel(force);
                    }));
                }
                boolean any = false;
                for (Future<Boolean> cancel : cancels) {
                    any |= cancel.get();
                }

                Polling.until("end", () -> job.ended());
                Polling.until("permits", () -> jobs.scheduler().permitsTaken() == 0);
                Polling.until("listener", () -> told.get() == (listening ? 1 : 0));
                assertThat(job.snapshot().status()).isEqualTo(any ? JobStatus.CANCELED : JobStatus.DONE);
                assertThat(ShellJobs.ends(job)).isEqualTo("1 and done");
                canceled += any ? 1 : 0;
            }
            assertThat(canceled).isBetween(rounds / 2, rounds);
        }
    }
}

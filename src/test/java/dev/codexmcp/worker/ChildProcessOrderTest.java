package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.faults.ControlledWorker;
import dev.codexmcp.faults.Permutations;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.worker.ChildProcess.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A child's end is reported exactly once, in every possible order of exit, EOFs, signals and timeout. */
@EnabledOnOs(OS.LINUX)
class ChildProcessOrderTest {
    private static final String VARIABLE = "CHILD_PROCESS_ORDER_TEST";
    private static final ProcessTreeKiller KILLER = new ProcessTreeKiller(VARIABLE);

    @TempDir
    Path scratch;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** What can happen to a child, at a moment chosen by the test. */
    private enum Step {
        EXIT,
        STDOUT_EOF,
        STDERR_EOF,
        SIGNAL,
        KILL,
        DRAIN_TIMEOUT
    }

    @Test
    void reportsTheEndOnceInEveryOrderOfExitEofSignalsAndTimeout() throws Exception {
        List<List<Step>> orders = Permutations.of(List.of(Step.values()));
        String program = ControlledWorker.program(scratch).toString();
        List<Play> plays = new ArrayList<>();
        for (List<Step> order : orders) {
            // The drain timeout starts at the exit, or at the kill if that comes first.
            int exit = Math.min(order.indexOf(Step.EXIT), order.indexOf(Step.KILL));
            if (order.indexOf(Step.DRAIN_TIMEOUT) > exit) {
                plays.add(new Play(order));
            }
        }
        for (int from = 0; from < plays.size(); from += 40) {
            List<Play> together = plays.subList(from, Math.min(plays.size(), from + 40));
            for (Play play : together) {
                play.start(program, Files.createTempDirectory(scratch, "puppet"));
            }
            for (Future<?> play :
                    threads.invokeAll(together.stream().map(Play::task).toList())) {
                play.get();
            }
            together.forEach(Play::check);
        }
        assertThat(plays).hasSizeGreaterThan(300);
    }

    /** One child, and one order of steps. */
    private static final class Play {
        private final List<Step> order;
        private final ManualTimer timer = new ManualTimer();
        private final RecordingSink stdout = new RecordingSink();
        private final RecordingSink stderr = new RecordingSink();
        private final Queue<ExitStatus> ends = new ConcurrentLinkedQueue<>();
        private @Nullable ChildProcess child;
        private @Nullable Path folder;

        Play(List<Step> order) {
            this.order = order;
        }

        @SuppressWarnings("NullAway") // it does not see nullable arrays in class files
        void start(String program, Path in) throws StartException {
            folder = in;
            Cookie cookie = new Cookie(VARIABLE, "orders/" + in.getFileName());
            Command command = new Command(program, List.of(in.toString()), Set.of(), Map.of(), cookie, null, false);
            child = ChildProcess.start(command, stdout, stderr, KILLER, timer, ends::add);
        }

        Callable<Object> task() {
            return Executors.callable(this::run);
        }

        @SuppressWarnings("NullAway") // start() is called first
        void run() {
            try (ControlledWorker puppet = new ControlledWorker(folder)) {
                puppet.say("text");
                Polling.until(
                        "both streams read",
                        () -> !stdout.text().isEmpty() && !stderr.text().isEmpty());
                for (Step step : order) {
                    switch (step) {
                        case EXIT -> puppet.exit();
                        case STDOUT_EOF -> puppet.endStdout();
                        case STDERR_EOF -> puppet.endStderr();
                        case SIGNAL -> child.end(false);
                        case KILL -> {
                            child.end(true);
                            puppet.awaitGone();
                        }
                        case DRAIN_TIMEOUT -> {
                            // After the exit the child either ends or waits for the timeout.
                            Polling.until(order + " exit is known", () -> timer.waiting() > 0 || !ends.isEmpty());
                            timer.runAll();
                        }
                    }
                }
                Polling.until(order + " ends", () -> {
                    timer.runAll();
                    return !ends.isEmpty();
                });
            }
        }

        void check() {
            Polling.until(order + " streams end", () -> stdout.ends() > 0 && stderr.ends() > 0);
            timer.runAll();
            boolean killedFirst = order.indexOf(Step.KILL) < order.indexOf(Step.EXIT);
            assertThat(ends)
                    .as("%s", order)
                    .containsExactly(killedFirst ? new ExitStatus(null, "SIGKILL") : new ExitStatus(0, null));
            assertThat(List.of(stdout.ends(), stderr.ends())).as("%s", order).containsExactly(1, 1);
            assertThat(stdout.text()).as("%s", order).isEqualTo("text");
            timer.shutdownNow();
        }
    }
}

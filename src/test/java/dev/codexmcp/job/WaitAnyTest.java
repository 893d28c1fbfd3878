package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.WaitAny.Outcome;
import dev.codexmcp.testkit.Polling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wait completes once: when the first job ends, at its timeout, or when cancelled. */
class WaitAnyTest {
    private static final long LONG = 300_000;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

    WaitAnyTest() {
        timer.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static void end(Job job) {
        job.exited(WorkerlessJobs.EXIT_0);
    }

    private WaitAny waitFor(long millis, Job... jobs) {
        return WaitAny.start(List.of(jobs), List.of(), millis, timer);
    }

    private static Outcome ended(Job job) {
        return new Outcome(Optional.of(job.id()), false, List.of());
    }

    @Test
    void theEndOfAJobCompletesTheWait() {
        Job other = WorkerlessJobs.running();
        Job job = WorkerlessJobs.running();
        WaitAny wait = waitFor(LONG, other, job);
        assertThat(wait).isNotDone();

        end(job);

        assertThat(wait).isCompletedWithValue(ended(job));
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void laterEndsChangeNothing() {
        Job first = WorkerlessJobs.running();
        Job second = WorkerlessJobs.running();
        WaitAny wait = waitFor(LONG, first, second);

        end(second);
        end(first);

        assertThat(wait).isCompletedWithValue(ended(second));
    }

    @Test
    void theFirstEndedJobInTheCallersOrderCounts() {
        Job running = WorkerlessJobs.running();
        Job later = WorkerlessJobs.done("");
        Job earlier = WorkerlessJobs.done("");

        assertThat(waitFor(LONG, running, earlier, later)).isCompletedWithValue(ended(earlier));
        assertThat(waitFor(0, running, later, earlier)).isCompletedWithValue(ended(later));
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void aZeroTimeoutOnlyChecks() {
        assertThat(waitFor(0, WorkerlessJobs.running()))
                .isCompletedWithValue(new Outcome(Optional.empty(), true, List.of()));
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void aTimeoutCompletesTheWaitAndLeavesTheJobAlone() {
        Job job = WorkerlessJobs.running();
        WaitAny wait = waitFor(1, job);

        Polling.until("timeout", wait::isDone);

        assertThat(wait).isCompletedWithValue(new Outcome(Optional.empty(), true, List.of()));
        end(job);
        assertThat(wait).isCompletedWithValue(new Outcome(Optional.empty(), true, List.of()));
    }

    @Test
    void withoutAKnownJobTheWaitIsOverAtOnce() {
        WaitAny wait = WaitAny.start(List.of(), List.of("a", "b"), LONG, timer);

        assertThat(wait).isCompletedWithValue(new Outcome(Optional.empty(), false, List.of("a", "b")));
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void unknownIdsAreNamedWhateverTheOutcome() {
        Job job = WorkerlessJobs.running();
        WaitAny wait = WaitAny.start(List.of(job), List.of("x"), LONG, timer);

        end(job);

        assertThat(wait).isCompletedWithValue(new Outcome(Optional.of(job.id()), false, List.of("x")));
        assertThat(WaitAny.start(List.of(WorkerlessJobs.running()), List.of("x"), 0, timer))
                .isCompletedWithValue(new Outcome(Optional.empty(), true, List.of("x")));
    }

    @Test
    void aJobNamedTwiceCountsOnce() {
        Job job = WorkerlessJobs.running();
        WaitAny wait = waitFor(LONG, job, job);

        end(job);

        assertThat(wait).isCompletedWithValue(ended(job));
    }

    @Test
    void aCancelledWaitRemovesItsListenersAndTimer() {
        Job job = WorkerlessJobs.running();
        List<WaitAny> waits = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waits.add(waitFor(LONG, job));
        }
        assertThat(timer.getQueue()).hasSize(10_000);

        waits.forEach(wait -> wait.cancel(false));

        assertThat(timer.getQueue()).isEmpty();
        end(job);
        assertThat(waits).allMatch(WaitAny::isCancelled);
    }

    @Test
    void theEndOfAJobCompletesEveryWaitForIt() {
        List<Job> jobs = List.of(WorkerlessJobs.running(), WorkerlessJobs.running(), WorkerlessJobs.running());
        List<WaitAny> waits = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            List<Job> order = new ArrayList<>(jobs);
            Collections.rotate(order, i);
            waits.add(waitFor(LONG, order.toArray(new Job[0])));
        }

        end(jobs.get(1));

        assertThat(waits).allSatisfy(wait -> assertThat(wait).isCompletedWithValue(ended(jobs.get(1))));
        assertThat(timer.getQueue()).isEmpty();
    }
}

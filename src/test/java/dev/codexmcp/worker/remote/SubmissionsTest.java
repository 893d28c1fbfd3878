package dev.codexmcp.worker.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers are submitted in order, at the engine's pace, and never by a caller that has many. */
class SubmissionsTest {
    private long nanos;
    private final List<Runnable> later = new ArrayList<>();
    private final List<Integer> submitted = new ArrayList<>();

    /** Runs its tasks when the test says so. */
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            later.add(command);
            return super.schedule(() -> {}, 0, TimeUnit.NANOSECONDS);
        }
    };

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private Submissions<Integer> submissions(int perSecond, int connectingAtOnce) {
        return new Submissions<>(new LaunchPace(perSecond, connectingAtOnce, () -> nanos), Runnable::run, timer);
    }

    /** Asks for these workers, and returns how many the caller was to submit. */
    private int ask(Submissions<Integer> submissions, int from, int to) {
        int byCaller = 0;
        for (int i = from; i < to; i++) {
            int worker = i;
            if (submissions.begin(worker, () -> submitted.add(worker))) {
                submitted.add(worker);
                byCaller++;
            }
        }
        return byCaller;
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void aCallerSubmitsFewAndABurstGoesAtOnce() {
        Submissions<Integer> submissions = submissions(10, 0);

        assertThat(ask(submissions, 0, 500)).isEqualTo(4);

        assertThat(submitted).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void theRestFollowsInOrderAtTheRate() {
        Submissions<Integer> submissions = submissions(10, 0);
        ask(submissions, 0, 14);

        pass(100);
        assertThat(submitted).hasSize(11).endsWith(10);
        pass(1000);
        assertThat(submitted).hasSize(14).endsWith(11, 12, 13);
    }

    @Test
    void whileTooManyConnectTheOthersWaitForTheirStart() {
        Submissions<Integer> submissions = submissions(10, 2);
        ask(submissions, 0, 4);

        pass(5000);
        assertThat(submitted).containsExactly(0, 1);
        submissions.connected(1);
        assertThat(submitted).containsExactly(0, 1, 2);
        submissions.connected(1); // told twice
        assertThat(submitted).containsExactly(0, 1, 2);
    }

    @Test
    void aWorkerThatIsWithdrawnIsNeverSubmitted() {
        Submissions<Integer> submissions = submissions(2, 0);
        ask(submissions, 0, 4);

        assertThat(submissions.withdraw(2)).isTrue();
        assertThat(submissions.withdraw(0)).isFalse();
        pass(10_000);

        assertThat(submitted).containsExactly(0, 1, 3);
        assertThat(submissions.isWaiting(3)).isFalse();
    }
}

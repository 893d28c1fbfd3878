package dev.codexmcp.job.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.QueueReason;
import dev.codexmcp.job.log.FakeLogs;
import dev.codexmcp.testkit.Polling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final long LONG = 300_000;
    private static final String NO_NETWORK = FakeLogs.error("Reconnecting... waiting for network (no route)");

    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final FakeFleet jobs = new FakeFleet();
    private final Fleet fleet =
            new Fleet(jobs.registry(), timer, job -> Optional.of(new QueueReason.Permit()), Set::of);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static FleetQuery since(long rev) {
        return new FleetQuery(Optional.empty(), Set.of(), Optional.empty(), OptionalLong.of(rev));
    }

    private static FleetQuery named(String... ids) {
        return new FleetQuery(Optional.of(List.of(ids)), Set.of(), Optional.empty(), OptionalLong.empty());
    }

    private static FleetQuery labelled(String label) {
        return new FleetQuery(Optional.empty(), Set.of(), Optional.of(LabelPattern.of(label)), OptionalLong.empty());
    }

    private static List<String> ids(List<FleetJob> jobs) {
        return jobs.stream().map(job -> job.job().id()).toList();
    }

    private List<String> listed(FleetQuery query) {
        return ids(fleet.list(query, 50).jobs());
    }

    private List<String> reported(FleetQuery query) {
        return ids(fleet.claim(query, 50, false).ended());
    }

    @Test
    void jobsThatNeedAttentionComeFirstThenRunningQueuedAndEndedOnesNewestFirst() {
        Job done = jobs.running("done");
        Job failed = jobs.running("failed");
        Job stuck = jobs.running("stuck");
        jobs.queued("queued", Optional.empty());
        jobs.running("old");
        jobs.running("new");
        FakeFleet.end(done);
        FakeFleet.fail(failed);
        FakeFleet.print(stuck, NO_NETWORK);

        FleetPage page = fleet.list(FleetQuery.ALL, 50);

        assertThat(ids(page.jobs())).containsExactly("stuck", "new", "old", "queued", "failed", "done");
        assertThat(page.counts())
                .containsEntry(JobStatus.RUNNING, 3)
                .containsEntry(JobStatus.QUEUED, 1)
                .containsEntry(JobStatus.DONE, 1)
                .containsEntry(JobStatus.FAILED, 1);
        assertThat(page.jobs().get(0).row(System.currentTimeMillis()).attention())
                .containsExactly("network");
        assertThat(page.jobs().get(4).row(System.currentTimeMillis()).job().reason())
                .contains("exit");
    }

    @Test
    void aPageCountsWhatItLeavesOut() {
        for (int i = 0; i < 10; i++) {
            FakeFleet.end(jobs.running("job-" + i, Optional.of(i < 4 ? "a-" + i : "b")));
        }

        assertThat(fleet.list(FleetQuery.ALL, 3).matching()).isEqualTo(10);
        assertThat(fleet.list(FleetQuery.ALL, 3).jobs()).hasSize(3);
        assertThat(fleet.list(labelled("a-*"), 3).matching()).isEqualTo(4);
        assertThat(listed(labelled("a-2"))).containsExactly("job-2");
        assertThat(listed(new FleetQuery(Optional.empty(), Set.of("failed"), Optional.empty(), OptionalLong.empty())))
                .isEmpty();
    }

    @Test
    void aPageOfOnesOwnJobsCountsNoOthers() {
        for (int i = 0; i < 4; i++) {
            jobs.queued("others-" + i, Optional.of("x"));
        }
        FleetQuery.JobsOf caller = new FleetQuery.JobsOf(Optional.of("a conversation without jobs"));

        FleetPage page = fleet.list(
                new FleetQuery(Optional.empty(), Set.of(), Optional.empty(), OptionalLong.empty(), Optional.of(caller)),
                3);

        assertThat(page.jobs()).isEmpty();
        assertThat(page.matching()).isZero();
    }

    @Test
    void sinceShowsEachJobThatHasChangedOnceInTheOrderOfTheChanges() {
        Job one = jobs.running("one");
        Job two = jobs.running("two");
        long rev = fleet.list(FleetQuery.ALL, 50).rev();
        assertThat(listed(since(rev))).isEmpty();

        FakeFleet.end(two);
        FakeFleet.print(one, NO_NETWORK);

        assertThat(listed(since(rev))).containsExactly("two", "one");
        assertThat(listed(since(0))).containsExactly("two", "one");
        long after = fleet.list(FleetQuery.ALL, 50).rev();
        FakeFleet.print(one, NO_NETWORK);
        FakeFleet.print(one, "{\"type\":\"turn.started\"}\n");
        assertThat(listed(since(after))).as("attention is gone").containsExactly("one");
    }

    @Test
    void messagesOfAWorkerAreNotChanges() {
        Job job = jobs.running("job");
        long rev = fleet.list(FleetQuery.ALL, 50).rev();

        FakeFleet.message(job, "working");

        assertThat(listed(since(rev))).isEmpty();
    }

    @Test
    void aJobThatCouldNotBeStartedIsGone() {
        Job job = jobs.queued("job", Optional.empty());
        FleetWait wait = fleet.await(named("job"), OptionalInt.empty(), false, LONG);

        jobs.refuse(job);

        assertThat(fleet.list(FleetQuery.ALL, 50).matching()).isZero();
        assertThat(wait).isCompletedWithValue(false);
        assertThat(fleet.claim(named("job"), 50, false).missingJobIds()).containsExactly("job");
    }

    @Test
    void tokensAreThoseOfAllJobs() {
        Job one = jobs.running("one");
        Job two = jobs.running("two");
        String usage = "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":%d,\"output_tokens\":%d}}\n";
        FakeFleet.print(one, usage.formatted(100, 20));
        FakeFleet.print(two, usage.formatted(3, 4));
        FakeFleet.end(one);

        assertThat(fleet.list(FleetQuery.ALL, 50).tokens()).isEqualTo(127);
        FakeFleet.end(two);
        assertThat(fleet.list(FleetQuery.ALL, 50).tokens()).isEqualTo(127);
    }

    @Test
    void aWaitCompletesWhenAsManyHaveEndedAsItWants() {
        List<Job> running = List.of(jobs.running("a"), jobs.running("b"), jobs.running("c"));
        FleetWait any = fleet.await(FleetQuery.ALL, OptionalInt.of(1), false, LONG);
        FleetWait two = fleet.await(named("a", "b", "c"), OptionalInt.of(2), false, LONG);
        FleetWait all = fleet.await(FleetQuery.ALL, OptionalInt.empty(), false, LONG);
        FleetWait more = fleet.await(FleetQuery.ALL, OptionalInt.of(99), false, LONG);

        FakeFleet.end(running.get(1));
        assertThat(any).isCompletedWithValue(false);
        assertThat(two).isNotDone();
        FakeFleet.end(running.get(0));
        assertThat(two).isCompletedWithValue(false);
        assertThat(all).isNotDone();
        FakeFleet.end(running.get(2));
        assertThat(all).isCompletedWithValue(false);
        assertThat(more).isCompletedWithValue(false);
        assertThat(timer.getQueue()).isEmpty();
        assertThat(reported(FleetQuery.ALL)).containsExactly("b", "a", "c");
        assertThat(reported(FleetQuery.ALL)).isEmpty();
        assertThat(reported(named("a"))).containsExactly("a");
    }

    @Test
    void withNothingToWaitForAWaitEndsImmediately() {
        assertThat(fleet.await(FleetQuery.ALL, OptionalInt.empty(), false, LONG))
                .isCompletedWithValue(false);
        assertThat(fleet.await(named("nobody"), OptionalInt.of(1), false, LONG)).isCompletedWithValue(false);
        jobs.running("job");
        assertThat(fleet.await(FleetQuery.ALL, OptionalInt.empty(), false, 0)).isCompletedWithValue(true);
        assertThat(fleet.await(labelled("x*"), OptionalInt.empty(), false, LONG))
                .isCompletedWithValue(false);
    }

    @Test
    void anExpiredTimeoutCompletesAWait() {
        jobs.running("job");
        FleetWait wait = fleet.await(FleetQuery.ALL, OptionalInt.empty(), false, 1);

        Polling.until("time-out", wait::isDone);

        assertThat(wait).isCompletedWithValue(true);
        assertThat(fleet.registrations()).isZero();
    }

    @Test
    void anEndThatAResultHasReportedIsNotReportedAgainUnlessAskedFor() {
        Job job = jobs.running("job");
        fleet.reported(job);
        FakeFleet.end(job);
        fleet.reported(job);

        assertThat(reported(FleetQuery.ALL)).isEmpty();
        assertThat(reported(since(0))).containsExactly("job");
    }

    @Test
    void attentionWakesOnceForEachWord() {
        Job job = jobs.running("job");
        FleetWait wait = fleet.await(FleetQuery.ALL, OptionalInt.empty(), true, LONG);
        FakeFleet.print(job, NO_NETWORK);

        Polling.until("attention", wait::isDone);

        assertThat(ids(fleet.claim(FleetQuery.ALL, 50, true).attention())).containsExactly("job");
        assertThat(fleet.claim(FleetQuery.ALL, 50, true).attention()).isEmpty();
        FleetWait next = fleet.await(FleetQuery.ALL, OptionalInt.empty(), true, LONG);
        assertThat(next).isNotDone();
        next.cancel(false);
        Polling.until("no timer is left", () -> timer.getQueue().isEmpty());
    }

    @Test
    void waitsThatNameTheSameJobsShareTheirSetWhateverChanges() {
        Job one = jobs.running("one");
        jobs.running("two");
        FleetWait first = fleet.await(named("one", "two"), OptionalInt.empty(), false, LONG);
        jobs.running("three");
        FleetWait second = fleet.await(named("one", "two"), OptionalInt.of(1), false, LONG);
        FleetWait other = fleet.await(named("two", "one"), OptionalInt.of(2), false, LONG);
        assertThat(second.query()).isSameAs(first.query());
        assertThat(fleet.registrations()).isEqualTo(4);

        FakeFleet.end(one);
        FleetWait third = fleet.await(named("one", "two"), OptionalInt.of(1), false, LONG);

        assertThat(second).isCompletedWithValue(false);
        assertThat(third).isCompletedWithValue(false);
        assertThat(first).isNotDone();
        first.cancel(false);
        other.cancel(false);
        assertThat(fleet.registrations()).isZero();
        assertThat(fleet.await(named("one", "two"), OptionalInt.of(1), false, LONG))
                .isCompletedWithValue(false);
    }

    @Test
    void tenThousandWaitsForAThousandJobsCostOneLinkAJob() {
        List<Job> running = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            running.add(jobs.running("job-" + i));
        }
        List<FleetWait> waits = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waits.add(fleet.await(FleetQuery.ALL, OptionalInt.of(1 + i % 1000), false, LONG));
        }
        assertThat(fleet.registrations()).isEqualTo(1000);

        for (int i = 0; i < 500; i++) {
            FakeFleet.end(running.get(i));
        }

        assertThat(waits.stream().filter(FleetWait::isDone)).hasSize(5000);
        assertThat(fleet.registrations()).isEqualTo(500);
        waits.forEach(wait -> wait.cancel(false));
        assertThat(fleet.registrations()).isZero();
        assertThat(timer.getQueue()).isEmpty();
    }
}

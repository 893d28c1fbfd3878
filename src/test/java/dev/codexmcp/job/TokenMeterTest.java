package dev.codexmcp.job;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.TokenUsage;
import dev.codexmcp.testkit.Polling;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenMeterTest {
    @TempDir
    private Path home;

    private Job start(JobSpec spec) {
        Job job = new Job("job-1", Rollout.in(home).with(spec), new EndSteps(Job::notifyListeners));
        job.starting("/bin/codex", System.currentTimeMillis());
        job.started(force -> {}, 1);
        return job;
    }

    private static Instant later() {
        return Instant.now().plusSeconds(1);
    }

    /** As precise as the times of a job. */
    private static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    @Test
    void whileAWorkerRunsItsTokensComeFromTheRolloutFile() {
        Rollout rollout = Rollout.in(home);
        Job job = start(WorkerlessJobs.SPEC);
        assertThat(job.usage()).isEmpty();
        WorkerlessJobs.say(job, rollout.threadStarted());
        assertThat(job.usage()).isEmpty();

        rollout.count(later(), new TokenUsage(100, 90, 10, 5), new TokenUsage(100, 90, 10, 5));
        Polling.until("the first count", () -> job.usage().equals(Optional.of(new TokenUsage(100, 90, 10, 5))));
        rollout.count(later(), Rollout.tokens(300), Rollout.tokens(200));
        Polling.until("the second", () -> job.usage().equals(Optional.of(Rollout.tokens(300))));
    }

    @Test
    void theEndOfATurnCountsWithoutAFile() {
        Job job = start(WorkerlessJobs.SPEC);
        WorkerlessJobs.say(job, Rollout.turnCompleted(new TokenUsage(100, 90, 10, 5)));

        assertThat(job.usage()).contains(new TokenUsage(100, 90, 10, 5));
        job.exited(WorkerlessJobs.EXIT_0);
        assertThatJson(ShellJobs.event(job, 2))
                .inPath("content.usage")
                .isEqualTo("{\"input\":100,\"cached\":90,\"output\":10,\"reasoning\":5}");
    }

    @Test
    void onlyTheTokensThatTheJobAddedToAResumedThreadCount() {
        Rollout rollout = Rollout.in(home);
        rollout.count(Instant.now().minusSeconds(60), Rollout.tokens(1000), Rollout.tokens(1000));
        Job job = start(WorkerlessJobs.SPEC.with(new Continuation(rollout.thread(), false, Optional.empty())));
        WorkerlessJobs.say(job, rollout.threadStarted());
        assertThat(job.usage()).isEmpty();

        rollout.count(later(), Rollout.tokens(1007), Rollout.tokens(7));
        Polling.until("the count", () -> job.usage().equals(Optional.of(Rollout.tokens(7))));
        WorkerlessJobs.say(job, Rollout.turnCompleted(Rollout.tokens(1007)));
        assertThat(job.usage()).as("the turn's usage is the thread's").contains(Rollout.tokens(7));
        job.exited(WorkerlessJobs.EXIT_0);
        assertThat(job.usage()).contains(Rollout.tokens(7));
    }

    @Test
    void theTokensOfAForkedThreadsParentDoNotCount() {
        Rollout rollout = Rollout.in(home);
        Job job = start(WorkerlessJobs.SPEC.with(
                new Continuation("11a1fede-ad80-75e2-bc6d-35b35fb90932", false, Optional.empty())));
        WorkerlessJobs.say(job, rollout.threadStarted());
        rollout.count(now(), Rollout.tokens(1007), Rollout.tokens(7));
        WorkerlessJobs.say(job, Rollout.turnCompleted(Rollout.tokens(1007)));

        job.exited(WorkerlessJobs.EXIT_0);

        assertThat(job.usage()).contains(Rollout.tokens(7));
    }

    @Test
    void withoutAFileTheTokensOfAResumedThreadAreUnknown() {
        Job job = start(WorkerlessJobs.SPEC.with(
                new Continuation("11a1fede-ad80-75e2-bc6d-35b35fb90932", false, Optional.empty())));
        WorkerlessJobs.say(job, Rollout.in(home).threadStarted() + Rollout.turnCompleted(Rollout.tokens(1007)));
        job.exited(WorkerlessJobs.EXIT_0);

        assertThat(job.usage()).isEmpty();
    }

    @Test
    void theTokensOfALaterJobOfTheThreadNeverCount() {
        Rollout rollout = Rollout.in(home);
        Job job = start(WorkerlessJobs.SPEC);
        WorkerlessJobs.say(job, rollout.threadStarted());
        rollout.count(now(), Rollout.tokens(5), Rollout.tokens(5));
        job.exited(WorkerlessJobs.EXIT_1);

        rollout.count(later(), Rollout.tokens(50), Rollout.tokens(45));

        assertThat(job.usage()).contains(Rollout.tokens(5));
    }

    @Test
    void writesAfterTheEndDoNotCount() {
        Rollout rollout = Rollout.in(home);
        Job job = start(WorkerlessJobs.SPEC);
        WorkerlessJobs.say(job, rollout.threadStarted());
        rollout.count(now(), Rollout.tokens(5), Rollout.tokens(5));
        job.exited(WorkerlessJobs.EXIT_1);
        assertThat(job.usage()).as("a worker that failed has used tokens, too").contains(Rollout.tokens(5));

        rollout.count(later(), Rollout.tokens(50), Rollout.tokens(45));

        assertThat(job.usage()).contains(Rollout.tokens(5));
    }
}

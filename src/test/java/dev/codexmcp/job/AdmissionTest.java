package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    /** A hold that has a millisecond left when first looked at, and is over when looked at again. */
    private static final class ShortHold implements Admission.Limit {
        private boolean lookedAt;

        @Override
        public long heldMillis() {
            boolean over = lookedAt;
            lookedAt = true;
            return over ? 0 : 1;
        }

        @Override
        public boolean tokensUsedUp() {
            return false;
        }
    }

    @Test
    void aHoldThatEndsBetweenTwoLooksDoesNotStrandTheQueue() throws Exception {
        ShortHold hold = new ShortHold();
        Admission admission = new Admission(SchedulerConfig.of(1), new JobRegistry(), hold);
        Job job = new Job(
                "job-1",
                WorkerlessJobs.SPEC.with(new Scheduling(true, 0, List.of(), Limits.NONE)),
                new EndSteps(admission::ended));
        assertThat(admission.admit(job, List.of(), null)).isFalse();
        hold.lookedAt = false;

        CompletableFuture<Job> next = CompletableFuture.supplyAsync(() -> {
            try {
                Admission.Next found = admission.next();
                return found == null ? null : found.job();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        Polling.until("the start", next::isDone);
        assertThat(next.join()).isSameAs(job);
    }
}

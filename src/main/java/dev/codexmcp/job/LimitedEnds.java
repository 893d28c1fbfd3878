package dev.codexmcp.job;

import dev.codexmcp.codex.event.Failure;
import dev.codexmcp.worker.ExitStatus;
import java.time.Instant;
import java.util.Optional;

/** What a limit of the provider does when it ends a worker: queued jobs are held, and the job may continue after the hold. */
final class LimitedEnds {
    private final LimitHolds holds;
    private final Admission admission;
    private final JobRegistry registry;

    LimitedEnds(LimitHolds holds, Admission admission, JobRegistry registry) {
        this.holds = holds;
        this.admission = admission;
        this.registry = registry;
    }

    /** A worker has exited: that is the end of its job, unless another worker continues. */
    void exited(Job job, ExitStatus how) {
        boolean continues = false;
        try {
            continues = requeued(job, how);
        } catch (RuntimeException | Error e) {
            Failures.report(e);
        }
        if (!continues) {
            job.exited(how);
        }
    }

    private boolean requeued(Job job, ExitStatus how) {
        Optional<Failure> failure = job.retryAfter(how);
        if (failure.isEmpty()) {
            return false;
        }
        // Before the permit is back: else the next job could start into the limit.
        holds.reported(
                EndCause.of(failure.get().reason().orElseThrow()),
                failure.get().retryAt().map(Instant::toEpochMilli),
                System.currentTimeMillis());
        if (!admission.requeue(job, failure.get())) {
            return false;
        }
        registry.changed(job, JobStatus.QUEUED);
        return true;
    }

    /** Begins a hold if a limit has ended the job, and ends the hold if the job is done. */
    void ended(Job job) {
        if (job.status() == JobStatus.DONE) {
            holds.done();
        } else {
            job.limitReported().ifPresent(limit -> holds.reported(limit, job.retryAt(), System.currentTimeMillis()));
        }
    }
}

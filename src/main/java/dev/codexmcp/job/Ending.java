package dev.codexmcp.job;

import dev.codexmcp.codex.event.Failure;
import dev.codexmcp.worker.ExitStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a job ended. Guarded by the job. */
final class Ending {
    private @Nullable EndCause cause;
    private @Nullable ExitStatus exit;
    private @Nullable Throwable startFailure;
    private EndDetails details = EndDetails.NONE;
    private long time;

    /** The worker could not be started; of no importance once the job has ended. */
    void startFailed(Throwable why) {
        startFailure = why;
    }

    /**
     * The job has ended. Allocates no memory.
     *
     * @param now milliseconds since 1970
     * @param how the worker's exit status; null if it had no worker or if that is unknown
     */
    void at(long now, EndCause why, @Nullable ExitStatus how) {
        time = now;
        cause = why;
        exit = how;
    }

    /**
     * Looks for the cause of a failure in what the worker or the system said.
     *
     * @param firstEvent the index of the first event of the job's last worker
     */
    void explain(JobStatus status, WorkerOutput output, int firstEvent) {
        if (startFailure != null) {
            details = new EndDetails(Optional.ofNullable(startFailure.getMessage()), Optional.empty());
            if (startFailure instanceof WorkplaceException) {
                cause = EndCause.WORKTREE;
            }
        } else if (status == JobStatus.FAILED && cause == EndCause.EXIT) {
            Optional<Failure> failure = output.failure(firstEvent);
            details = new EndDetails(
                    failure.map(Failure::message).or(output::stderrError),
                    failure.flatMap(Failure::retryAt).map(Instant::toEpochMilli));
            failure.flatMap(Failure::reason).ifPresent(reason -> cause = EndCause.of(reason));
        }
    }

    /** Milliseconds since 1970. */
    long time() {
        return time;
    }

    /** Empty before the end. */
    Optional<EndCause> cause() {
        return Optional.ofNullable(cause);
    }

    Optional<ExitStatus> exit() {
        return Optional.ofNullable(exit);
    }

    EndDetails details() {
        return details;
    }
}

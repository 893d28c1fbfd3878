package dev.codexmcp.job;

import dev.codexmcp.worker.ExitStatus;
import org.jspecify.annotations.Nullable;

/** The state of a job; drawn in {@link Job}. */
public enum JobStatus {
    /** It has not been started yet. */
    QUEUED("queued"),
    /** An engine has been asked to run its worker, which does not run yet. Clients see this as queued. */
    SUBMITTED("queued"),
    /** Its worker is being started. Clients see this as running. */
    STARTING("running"),
    RUNNING("running"),
    /** The worker exited with code 0. */
    DONE("done"),
    /** The worker exited with another code, was killed by a signal that was not ours, or could not be started. */
    FAILED("failed"),
    /** It was asked to end, and ended before its turn was completed. */
    CANCELED("canceled");

    private final String wire;

    JobStatus(String wire) {
        this.wire = wire;
    }

    /** The word used in results. */
    public String wire() {
        return wire;
    }

    /** Whether this is a final state. */
    public boolean ended() {
        return switch (this) {
            case QUEUED, SUBMITTED, STARTING, RUNNING -> false;
            case DONE, FAILED, CANCELED -> true;
        };
    }

    /** Whether a job may change from this state to {@code next}. */
    boolean canBecome(JobStatus next) {
        return switch (this) {
            case QUEUED -> next == STARTING || next == SUBMITTED || next == FAILED || next == CANCELED;
            case SUBMITTED -> next == RUNNING || next.ended();
            // The exit of a worker may be reported before its start.
            case STARTING -> next == RUNNING || next == QUEUED || next.ended();
            case RUNNING -> next == QUEUED || next.ended();
            case DONE, FAILED, CANCELED -> false;
        };
    }

    /**
     * The status of a job at its end.
     *
     * @param exit the worker's exit status, null if it had no worker
     */
    static JobStatus atEnd(@Nullable ExitStatus exit, boolean endAsked, boolean turnCompleted) {
        if (endAsked && !turnCompleted) {
            return CANCELED;
        }
        return exit != null && exit.returnedZero() ? DONE : FAILED;
    }
}

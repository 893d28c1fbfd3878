package dev.codexmcp.job;

import dev.codexmcp.worker.ExitStatus;
import org.jspecify.annotations.Nullable;

/** The state of a job; drawn in {@link Job}. */
public enum JobStatus {
    /** It has not been started yet. */
    QUEUED("queued"),
    /** Its worker is being started. To clients that is no different from running. */
    STARTING("running"),
    RUNNING("running"),
    /** The worker returned 0. */
    DONE("done"),
    /** The worker returned something else, a signal that nobody here asked for ended it, or it could not be started. */
    FAILED("failed"),
    /** Its end was asked for, and the turn had not been completed when it came. */
    CANCELED("canceled");

    private final String wire;

    JobStatus(String wire) {
        this.wire = wire;
    }

    /** The word used in answers. */
    public String wire() {
        return wire;
    }

    /** Whether the job's life is over. */
    public boolean ended() {
        return switch (this) {
            case QUEUED, STARTING, RUNNING -> false;
            case DONE, FAILED, CANCELED -> true;
        };
    }

    /** Whether a job may go from this state to that. */
    boolean canBecome(JobStatus next) {
        return switch (this) {
            case QUEUED -> next == STARTING || next == FAILED || next == CANCELED;
            // Its end may be reported before its start is.
            case STARTING -> next == RUNNING || next.ended();
            case RUNNING -> next.ended();
            case DONE, FAILED, CANCELED -> false;
        };
    }

    /**
     * How a job ends.
     *
     * @param exit how its worker ended, null if it never had one
     */
    static JobStatus atEnd(@Nullable ExitStatus exit, boolean endAsked, boolean turnCompleted) {
        if (endAsked && !turnCompleted) {
            return CANCELED;
        }
        return exit != null && exit.returnedZero() ? DONE : FAILED;
    }
}

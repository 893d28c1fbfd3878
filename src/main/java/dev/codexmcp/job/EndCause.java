package dev.codexmcp.job;

import dev.codexmcp.worker.ExitStatus;
import org.jspecify.annotations.Nullable;

/** Why a job ended. What is known beyond that is its {@link ExitStatus}. */
public enum EndCause {
    /** The worker returned, with whatever code. */
    EXIT,
    /** A signal that nobody here asked for ended the worker. */
    SIGNAL,
    /** This server's heap could not hold what the worker said, so the worker was killed. */
    MEMORY,
    /** A client asked for the end. */
    CANCELED,
    /** The worker could not be started. */
    START,
    /** The server is ending. */
    SHUTDOWN;

    /**
     * Why a job ended that ended like this.
     *
     * @param exit how its worker ended, null if it never had one
     * @param asked why its end was asked for, null if it was not
     */
    static EndCause of(JobStatus status, @Nullable ExitStatus exit, @Nullable EndCause asked, boolean outOfMemory) {
        if (status == JobStatus.CANCELED && asked != null) {
            return asked;
        }
        if (status == JobStatus.FAILED && outOfMemory) {
            return MEMORY;
        }
        if (exit == null) {
            return START;
        }
        return exit.signal() == null ? EXIT : SIGNAL;
    }
}

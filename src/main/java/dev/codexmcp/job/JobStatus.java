package dev.codexmcp.job;

import dev.codexmcp.worker.ExitStatus;
import java.util.Locale;

/** The state of a job. It begins as {@link #RUNNING} and changes once. */
public enum JobStatus {
    RUNNING,
    /** The worker returned 0. */
    DONE,
    /** The worker returned something else, or a signal that nobody here asked for ended it. */
    FAILED,
    /** A cancel was asked for, and the turn had not been completed when the worker ended. */
    CANCELED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The word used in answers. */
    public String wire() {
        return wire;
    }

    /** How a job ends whose worker ended like this. */
    static JobStatus atEnd(ExitStatus exit, boolean cancelAsked, boolean turnCompleted) {
        if (cancelAsked && !turnCompleted) {
            return CANCELED;
        }
        Integer code = exit.code();
        return code != null && code == 0 ? DONE : FAILED;
    }
}

package dev.codexmcp.git;

import java.io.IOException;

/** A git operation failed. The message is for the caller of a tool. */
public final class GitException extends IOException {
    private static final long serialVersionUID = 1;

    private final Problem problem;

    public GitException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /** The kind of problem. */
    public enum Problem {
        /** Git is not on PATH, or can't be started. */
        MISSING,
        /** This git lacks what the call needs. */
        TOO_OLD,
        /** Git did not end in time, and was killed. */
        TIMED_OUT,
        /** Git printed more than the call allows, and was killed. */
        TOO_MUCH_OUTPUT,
        /** The repository belongs to another user, and git's setting safe.directory does not list it. */
        NOT_OWNED,
        /** The thread was interrupted while git ran; git was killed. */
        INTERRUPTED,
        /** The directory is not in a repository with a working tree. */
        NO_REPOSITORY,
        /** A path leads out of the repository, or into .git. */
        UNSAFE_PATH,
        /** Git reported an error: its text is in the message. */
        FAILED
    }
}

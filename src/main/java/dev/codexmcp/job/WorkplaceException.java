package dev.codexmcp.job;

import dev.codexmcp.worker.StartException;

/** A job was not started because it can't have a worktree of its own. */
public final class WorkplaceException extends StartException {
    private static final long serialVersionUID = 1L;

    public WorkplaceException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.codexmcp.job;

import dev.codexmcp.worker.StartException;

/** A job was not started because its worktree could not be created. */
public final class WorkplaceException extends StartException {
    private static final long serialVersionUID = 1L;

    public WorkplaceException(String message, Throwable cause) {
        super(message, cause);
    }
}

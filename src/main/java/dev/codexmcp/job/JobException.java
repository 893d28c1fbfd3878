package dev.codexmcp.job;

/** A job could not be started or found; the message is for the caller: what was wrong, and what to do. */
public final class JobException extends Exception {
    private static final long serialVersionUID = 1L;

    public JobException(String message) {
        super(message);
    }

    public JobException(String message, Throwable cause) {
        super(message, cause);
    }
}

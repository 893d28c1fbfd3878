package dev.codexmcp.job;

/** A job could not be started or found. The message is for logs; the text for clients is made from {@link #error()}. */
public final class JobException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient JobError error;

    public JobException(JobError error) {
        super(error.toString());
        this.error = error;
    }

    public JobException(JobError error, Throwable cause) {
        super(error.toString(), cause);
        this.error = error;
    }

    public JobError error() {
        return error;
    }
}

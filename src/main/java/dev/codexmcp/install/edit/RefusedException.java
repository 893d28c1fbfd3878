package dev.codexmcp.install.edit;

/** A change that is not made; the message says why, and what to do. The file stays as it is. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}

package dev.codexmcp.install.edit;

/** A change was refused and the file is unchanged. The message says why, and what to do. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}

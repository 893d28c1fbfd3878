package dev.codexmcp.worker;

/** The launcher can't be used as it is configured, whatever the worker. */
public final class LauncherException extends StartException {
    private static final long serialVersionUID = 1L;

    public LauncherException(String message) {
        super(message);
    }
}

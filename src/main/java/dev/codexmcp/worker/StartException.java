package dev.codexmcp.worker;

/** A process could not be started; the message names the program and the system's reason. */
public class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }

    public StartException(String message) {
        super(message);
    }
}

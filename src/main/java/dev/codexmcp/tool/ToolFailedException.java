package dev.codexmcp.tool;

/** A tool failed; the message says what went wrong and what to do, for the caller. */
public final class ToolFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ToolFailedException(String message) {
        super(message);
    }
}

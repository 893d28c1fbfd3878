package dev.codexmcp.tool;

/** A tool could not do what it was asked to; the message is for the caller: what went wrong, and what to do. */
public final class ToolFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ToolFailedException(String message) {
        super(message);
    }
}

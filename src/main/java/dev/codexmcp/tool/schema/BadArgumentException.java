package dev.codexmcp.tool.schema;

/** An argument is missing or wrong; the message gives its name, its value, and what it must be. */
public final class BadArgumentException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadArgumentException(String message) {
        super(message);
    }
}

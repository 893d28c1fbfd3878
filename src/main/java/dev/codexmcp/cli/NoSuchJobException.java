package dev.codexmcp.cli;

/** A name matches no job, or several; the message says which. */
final class NoSuchJobException extends Exception {
    private static final long serialVersionUID = 1;

    NoSuchJobException(String message) {
        super(message);
    }
}

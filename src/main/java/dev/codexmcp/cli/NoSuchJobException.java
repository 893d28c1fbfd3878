package dev.codexmcp.cli;

/** A name means no job, or several; the message says so. */
final class NoSuchJobException extends Exception {
    private static final long serialVersionUID = 1;

    NoSuchJobException(String message) {
        super(message);
    }
}

package dev.codexmcp.demo;

/** What keeps the demo from going on; the message says what to do. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    Problem(String message) {
        super(message);
    }
}

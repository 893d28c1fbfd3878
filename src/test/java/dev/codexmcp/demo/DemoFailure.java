package dev.codexmcp.demo;

/** The demo can't continue; the message says what to do. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super(message);
    }
}

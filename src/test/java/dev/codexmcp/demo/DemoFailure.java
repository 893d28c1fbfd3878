package dev.codexmcp.demo;

/** What keeps the demo from going on; the message says what to do. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super(message);
    }
}

package dev.codexmcp.cli.fleet;

import java.io.IOException;

/** A server is running but cannot be used; the message says why. */
final class ServerProblem extends IOException {
    private static final long serialVersionUID = 1;

    ServerProblem(String message) {
        super(message);
    }
}

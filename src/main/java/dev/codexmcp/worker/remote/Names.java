package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.RandomId;

/** Names of workers in engines: {@code codex-mcp-SERVER-JOB}, with a random word for the server. At most 63 characters. */
final class Names {
    private static final int SERVER_LENGTH = 12;
    private static final String START = "codex-mcp-";

    private final String server = RandomId.next().replace("-", "").substring(0, SERVER_LENGTH);

    /** How all names of this server begin. */
    String prefix() {
        return START + server + "-";
    }

    /** How the cookie of all its remote workers begins. */
    String cookiePrefix() {
        return START + server + "/";
    }

    /** How all names of the server begin that gave this one. */
    static String prefix(String name) {
        return name.substring(0, START.length() + SERVER_LENGTH + 1);
    }
}

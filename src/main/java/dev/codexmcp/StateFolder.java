package dev.codexmcp;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Where the servers of one user keep files: {@code codex-mcp-server} below the XDG state folder. */
final class StateFolder {
    private StateFolder() {}

    /** The folder; it need not exist. */
    static Path of(Map<String, String> environment) {
        Path state = path(environment.getOrDefault("XDG_STATE_HOME", ""));
        if (!state.isAbsolute()) {
            Path home = path(environment.getOrDefault("HOME", ""));
            state = (home.isAbsolute() ? home : Path.of(System.getProperty("user.home"))).resolve(".local/state");
        }
        return state.resolve("codex-mcp-server");
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return Path.of("");
        }
    }
}

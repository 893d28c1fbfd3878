package dev.codexmcp.codex;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The program that runs a worker.
 *
 * @param found the file found through PATH or {@code CODEX_MCP_CODEX_BIN}
 * @param path the program to start: {@code found}, or the native program behind it
 * @param fallback for {@link Kind#SCRIPT}, why the script is started rather than the native program
 * @param environment variables added to the worker's environment
 * @param unset variables removed from the worker's environment first
 */
public record CodexProgram(
        String found,
        String path,
        Kind kind,
        Optional<String> fallback,
        Map<String, String> environment,
        Set<String> unset) {

    /** How a worker is started. */
    public enum Kind {
        /** npm's script, which starts the native program through Node. */
        SCRIPT,
        /** The native program, with the environment that npm's script would give it. */
        NATIVE,
        /** Any other program, started as is. */
        OTHER
    }

    public CodexProgram {
        environment = Map.copyOf(environment);
        unset = Set.copyOf(unset);
        if (fallback.isPresent() != (kind == Kind.SCRIPT)) {
            throw new IllegalArgumentException(
                    "a fallback reason is required for a script and allowed for nothing else: " + kind);
        }
    }

    /** A program that is started as is. */
    public static CodexProgram plain(String path) {
        return new CodexProgram(path, path, Kind.OTHER, Optional.empty(), Map.of(), Set.of());
    }

    static CodexProgram script(String path, String fallback) {
        return new CodexProgram(path, path, Kind.SCRIPT, Optional.of(fallback), Map.of(), Set.of());
    }
}

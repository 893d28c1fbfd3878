package dev.codexmcp.codex;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a worker is started with.
 *
 * @param found what PATH or {@code CODEX_MCP_CODEX_BIN} led to
 * @param path the program to start: {@code found}, or the native program behind it
 * @param fallback for {@link Kind#SCRIPT}, why the script is started and not the native program behind it
 * @param environment what the worker's environment gets
 * @param unset what is removed from the worker's environment before that
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
        /** npm's script, which starts the native program by means of Node. */
        SCRIPT,
        /** The native program that npm's script would start, with the environment that the script would give it. */
        NATIVE,
        /** Any other program: started as it is. */
        OTHER
    }

    public CodexProgram {
        environment = Map.copyOf(environment);
        unset = Set.copyOf(unset);
        if (fallback.isPresent() != (kind == Kind.SCRIPT)) {
            throw new IllegalArgumentException("a reason belongs to a script, and only to a script: " + kind);
        }
    }

    /** A program that is started as it is. */
    public static CodexProgram plain(String path) {
        return new CodexProgram(path, path, Kind.OTHER, Optional.empty(), Map.of(), Set.of());
    }

    static CodexProgram script(String path, String fallback) {
        return new CodexProgram(path, path, Kind.SCRIPT, Optional.of(fallback), Map.of(), Set.of());
    }
}

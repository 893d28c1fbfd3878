package dev.codexmcp.job.changes;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How to find out what jobs change.
 *
 * @param off why no snapshots of writers' trees are taken, without a full stop; empty if they are
 * @param state the server's folder for what it keeps; created when it is needed
 * @param environment the server's own
 */
public record ChangeSettings(Optional<String> off, Path state, Map<String, String> environment) {
    public ChangeSettings {
        Objects.requireNonNull(off);
        Objects.requireNonNull(state);
        environment = Map.copyOf(environment);
    }
}

package dev.codexmcp.job.changes;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * How to find out what jobs change.
 *
 * @param snapshots whether to take snapshots of writers' trees
 * @param state the server's folder for what it keeps; created when it is needed
 * @param environment the server's own
 */
public record ChangeSettings(boolean snapshots, Path state, Map<String, String> environment) {
    public ChangeSettings {
        Objects.requireNonNull(state);
        environment = Map.copyOf(environment);
    }
}

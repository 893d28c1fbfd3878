package dev.codexmcp.worker;

import java.util.Optional;

/**
 * Where a worker runs.
 *
 * @param launcher a configured launcher; absent: the default; an empty name: a child of this process
 * @param directory the worker's working directory, absolute or relative to this process's own; empty: that one
 * @param label what the user calls the worker
 */
public record WorkerPlace(Optional<String> launcher, String directory, Optional<String> label) {
    /** As a child of this process, whatever the default is. */
    public static final WorkerPlace HERE = new WorkerPlace(Optional.of(""), "", Optional.empty());

    /** By the default launcher, in this process's directory. */
    public static final WorkerPlace DEFAULT = new WorkerPlace(Optional.empty(), "", Optional.empty());
}

package dev.codexmcp.worker;

import java.util.Optional;

/** A started worker, as seen by code that may have to end it. Its end is reported to the caller that started it. */
@FunctionalInterface
public interface Worker {
    /**
     * Ends the worker and everything that it has started. Returns immediately; the end is reported like any other. May be called again, with or without force, at any time, even after the end.
     *
     * @param force kill at once, rather than ask the worker to end and kill only what it leaves behind
     */
    void end(boolean force);

    /** What a worker that has been submitted to an engine, but does not run yet, waits for; empty if it runs or has ended. */
    default Optional<String> pendingReason() {
        return Optional.empty();
    }
}

package dev.codexmcp.worker;

import java.util.Optional;

/**
 * Is notified of a worker's start and end. Called without locks, on any thread, perhaps before the method that starts the worker returns; must not block.
 */
public interface WorkerListener {
    /**
     * An engine has started the worker. Not called for a worker that runs as soon as it is started. May be called twice if output arrives before the host is known.
     *
     * @param host the host's own name for itself; empty if not known yet
     */
    void running(Optional<String> host);

    /** The worker has ended, and both sinks have been notified or are no longer used. Called once, as the last call. */
    void ended(WorkerEnd end);
}

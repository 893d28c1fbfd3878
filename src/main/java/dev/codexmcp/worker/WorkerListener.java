package dev.codexmcp.worker;

import java.util.Optional;

/**
 * Hears what becomes of a worker. Called under no lock, on any thread, perhaps before the worker's start returns; must not
 * block.
 */
public interface WorkerListener {
    /**
     * The worker runs, after an engine had it. A worker that runs as soon as it is started does not report this. May be called
     * twice, if output comes before the host is known.
     *
     * @param host where, as that host calls itself; empty if that is not known yet
     */
    void running(Optional<String> host);

    /** The worker has ended, and both sinks know that theirs has or are heard no more. Called once, and nothing follows. */
    void ended(WorkerEnd end);
}

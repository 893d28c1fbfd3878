package dev.codexmcp.worker;

import java.util.function.Consumer;

/** The one way to start workers, and to be sure in the end that none is left. */
public interface WorkerLauncher extends AutoCloseable {
    /**
     * Does in advance what the first worker would have to wait for.
     *
     * @throws StartException if no worker could be started now
     */
    void prepare() throws StartException;

    /** The cookie that the worker of this name will carry. */
    Cookie cookie(String name);

    /**
     * Starts a worker.
     *
     * @param onEnd run once, when the worker has ended and both sinks know that theirs has or are heard no more; perhaps
     *     before this returns, never under a lock of the launcher's
     * @throws StartException if the worker can't be started. Whatever this throws, nothing is left of the worker, and
     *     {@code onEnd} is not run.
     */
    Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd)
            throws StartException;

    /**
     * Starts a program that ends by itself and leaves nothing behind, only so that the JVM has done all this once. The
     * watchdog does not learn of it.
     */
    Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd)
            throws StartException;

    /** Kills whatever workers have left running. Returns when that is done. */
    @Override
    void close();
}

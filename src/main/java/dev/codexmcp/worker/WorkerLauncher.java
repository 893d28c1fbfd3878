package dev.codexmcp.worker;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts workers, and makes sure that none is left in the end. */
public interface WorkerLauncher extends AutoCloseable {
    /**
     * Does in advance what the first worker would have to wait for.
     *
     * @throws StartException if no worker could be started now
     */
    void prepare() throws StartException;

    /** The names that a {@link WorkerPlace} may use; empty if there is no choice. */
    default List<String> names() {
        return List.of();
    }

    /** Whether the launcher of this name, or the default if there is none, runs workers as children of this process. */
    default boolean runsHere(Optional<String> name) {
        return true;
    }

    /** The cookie that the worker of this name will carry in that place. */
    Cookie cookie(String name, WorkerPlace place);

    /**
     * Starts a worker.
     *
     * <p>A worker runs when this returns, unless its {@link Worker#pendingReason} says otherwise; then the listener is notified when it does.
     *
     * @throws StartException if the worker can't be started. Whatever this throws, nothing is left of the worker, and the
     *     listener's {@code ended} is not called.
     */
    Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
            throws StartException;

    /**
     * Starts a program that ends by itself and leaves nothing behind, so that the JVM has run this code once. The watchdog is not involved.
     */
    Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd)
            throws StartException;

    /** Kills whatever workers have left running. Returns when that is done. */
    @Override
    void close();
}

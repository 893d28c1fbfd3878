package dev.codexmcp.worker;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The one way to start workers, and to be sure in the end that none is left. */
public interface WorkerLauncher extends AutoCloseable {
    /**
     * Does in advance what the first worker would have to wait for.
     *
     * @throws StartException if no worker could be started now
     */
    void prepare() throws StartException;

    /** What a {@link WorkerPlace} may name; empty if there is no choice. */
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
     * <p>A worker runs when this returns, unless its {@link Worker#pendingReason} says otherwise; then the listener hears
     * when it does.
     *
     * @throws StartException if the worker can't be started. Whatever this throws, nothing is left of the worker, and the
     *     listener's {@code ended} is not called.
     */
    Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
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

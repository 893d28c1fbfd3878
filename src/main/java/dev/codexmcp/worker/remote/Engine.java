package dev.codexmcp.worker.remote;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What runs workers elsewhere, or in a container: how to start a worker there, and how to end one whose connection is of no
 * use any more.
 */
interface Engine {
    /** How people call it: {@code Slurm}, {@code ssh to HOST}. */
    String title();

    /** The program that must exist here, a name or a path. */
    String program();

    /** The command that runs {@code remote} there, with standard input, output and error connected. */
    List<String> start(RemoteJob job, List<String> remote);

    /**
     * Shell code, one line, that ends what is left of these workers, whatever their state, and succeeds once none is left. Returns
     * several if the engine can end only one at a time.
     */
    List<String> reap(List<RemoteJob> jobs);

    /** The same for this worker and perhaps others of this server: run if the server has been killed. */
    String reapAfterServer(RemoteJob job);

    /** Whether the command passes its own environment on to the worker. */
    boolean passesEnvironment();

    /** How many workers may be between their submission and their start; 0 if that may take long. */
    int connectingAtOnce();

    /** Variables of this process's environment that must name a file if they are set: without it, the command waits for it. */
    default Set<String> files() {
        return Set.of();
    }

    /**
     * The queue of the engine, if it has one that can be asked. Such an engine keeps a record of each worker, which may outlive the
     * worker.
     */
    default Optional<EngineQueue> queue() {
        return Optional.empty();
    }
}

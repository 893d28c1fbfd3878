package dev.codexmcp.worker.remote;

import java.util.List;
import java.util.Map;

/** Asks an engine what its pending jobs wait for. */
interface EngineQueue {
    /** Prints the user's pending jobs. */
    List<String> command();

    /** The reason of each pending job, by its name in the engine, as read from what the command printed. */
    Map<String, String> reasons(String output);
}

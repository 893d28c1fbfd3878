package dev.codexmcp.worker.remote;

import java.util.List;
import java.util.Map;

/** Asks an engine which jobs it has, and what the pending ones wait for. */
interface EngineQueue {
    /** Prints the user's jobs. */
    List<String> command();

    /** What each job waits for, by its name in the engine, as read from what the command printed; empty if it is not pending. */
    Map<String, String> reasons(String output);
}

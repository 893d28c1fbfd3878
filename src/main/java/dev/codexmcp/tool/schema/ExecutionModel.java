package dev.codexmcp.tool.schema;

/** How to run a tool's calls, so that none blocks another. */
public enum ExecutionModel {
    /** Quick: runs on the thread that reads the client's requests. */
    QUICK,
    /** Starts a process, which may hang in the system: runs on its own thread. */
    STARTS_WORKERS,
    /** May return a long result: runs on its own thread, few at a time, once the client has read enough. */
    LONG_ANSWER
}

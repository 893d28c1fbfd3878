package dev.codexmcp.tool.schema;

/** How a tool's calls are to be run, so that none holds up another. */
public enum ExecutionModel {
    /** Over in a moment: on the thread that reads the client's requests. */
    QUICK,
    /** Starts a process, which may hang in the system: on a thread of its own. */
    STARTS_WORKERS,
    /** Makes an answer that may be long: on a thread of its own, few at a time, and once the client has room for it. */
    LONG_ANSWER
}

package dev.codexmcp.codex.event;

import java.util.Locale;

/** The type of an event as clients see it and filter by it. */
public enum EventType {
    /** A message of the agent. */
    MESSAGE,
    /** Progress: a start, reasoning, a plan, the end of a turn, or a line that this server doesn't know. */
    PROGRESS,
    /** The agent starts an action. */
    TOOL_CALL,
    /** The action's result. */
    TOOL_RESULT,
    /** An error; the worker may continue. */
    ERROR,
    /** A job's last event. */
    FINAL;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name used in results and arguments. */
    public String wire() {
        return wire;
    }
}

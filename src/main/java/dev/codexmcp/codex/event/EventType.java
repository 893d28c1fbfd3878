package dev.codexmcp.codex.event;

import java.util.Locale;

/** The type of an event, as clients see and filter it. */
public enum EventType {
    /** The agent speaks. */
    MESSAGE,
    /** The worker got on: started, thought, planned, finished a turn, or said something that this server doesn't know. */
    PROGRESS,
    /** The agent begins to do something. */
    TOOL_CALL,
    /** The agent has done it. */
    TOOL_RESULT,
    /** Something went wrong; the worker may well go on. */
    ERROR,
    /** The job has ended: its last event. */
    FINAL;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The word used in answers and arguments. */
    public String wire() {
        return wire;
    }
}

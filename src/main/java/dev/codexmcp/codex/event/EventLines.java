package dev.codexmcp.codex.event;

import dev.codexmcp.json.ByteSlice;

/** An immutable snapshot of one worker's events. */
public interface EventLines {
    /** The number of events. Their indexes start at 0 with the oldest. */
    int size();

    CodexEventKind kind(int index);

    /** When the event arrived, in milliseconds since 1970. */
    long time(int index);

    /** The event's line, perhaps with trailing white space. Empty for the server's own events. */
    ByteSlice line(int index);

    /** The index of the last event of this kind, or -1. Must be cheap, since it is called for every kind. */
    int last(CodexEventKind kind);
}

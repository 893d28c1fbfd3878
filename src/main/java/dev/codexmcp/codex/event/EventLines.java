package dev.codexmcp.codex.event;

import dev.codexmcp.json.ByteSlice;

/** The events of one worker as they were at one moment: nothing here changes any more. */
public interface EventLines {
    /** How many events there are; they are numbered from 0, oldest first. */
    int size();

    CodexEventKind kind(int index);

    /** When the event came, in milliseconds since 1970. */
    long time(int index);

    /** The event's line; white space may stand behind it. Empty for the server's own events. */
    ByteSlice line(int index);

    /** The last event of this kind, or -1. Must cost nothing: it is asked for every kind. */
    int last(CodexEventKind kind);
}

package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.json.JsonWritable;

/** What a log's own events hold: those that no line of the worker stands behind. */
@FunctionalInterface
public interface OwnEvents {
    /**
     * The content of an event that was {@linkplain EventLog#append appended} or {@linkplain EventLog#seal sealed} the log,
     * asked for whenever the event is shown.
     */
    JsonWritable content(CodexEventKind kind);
}

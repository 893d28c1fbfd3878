package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.json.JsonWritable;

/** The content of a log's own events: those that do not come from a line of the worker. */
@FunctionalInterface
public interface OwnEvents {
    /**
     * The content of an event that was {@linkplain EventLog#append appended} or {@linkplain EventLog#seal sealed} the
     * log. Called each time the event is shown.
     */
    JsonWritable content(CodexEventKind kind);

    /**
     * The same for a kind of which there may be several.
     *
     * @param time when it was added, in milliseconds since 1970
     */
    default JsonWritable content(CodexEventKind kind, long time) {
        return content(kind);
    }
}

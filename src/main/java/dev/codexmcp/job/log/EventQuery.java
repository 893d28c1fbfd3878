package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.EventType;
import java.util.Set;

/**
 * Which events a page holds.
 *
 * @param cursor the number of events before the page
 * @param maxEvents maximum number of events
 * @param maxBytes maximum length of the text, in bytes; a page holds at least one event
 * @param cutLongTexts whether to cut the long texts of an event longer than {@code maxBytes}, each with a note; if not,
 *     the event is shown whole
 * @param types the event types, empty for all
 */
public record EventQuery(int cursor, int maxEvents, long maxBytes, boolean cutLongTexts, Set<EventType> types) {
    public EventQuery {
        if (cursor < 0 || maxEvents < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "cursor " + cursor + ", maxEvents " + maxEvents + ", maxBytes " + maxBytes);
        }
        types = Set.copyOf(types);
    }

    /** A first page. */
    public static EventQuery first(int maxEvents, long maxBytes) {
        return new EventQuery(0, maxEvents, maxBytes, true, Set.of());
    }
}

package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.EventType;
import java.util.Set;

/**
 * Which events a page is to hold.
 *
 * @param cursor the number of events that come before the page
 * @param maxEvents how many events at most
 * @param maxBytes how much text at most, in bytes, though at least one event
 * @param cutLongTexts whether an event that is alone is longer than {@code maxBytes} has its long texts cut, each with a
 *     note that says so; else it is shown whole
 * @param types which types, empty for all
 */
public record EventQuery(int cursor, int maxEvents, long maxBytes, boolean cutLongTexts, Set<EventType> types) {
    public EventQuery {
        if (cursor < 0 || maxEvents < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "cursor " + cursor + ", maxEvents " + maxEvents + ", maxBytes " + maxBytes);
        }
        types = Set.copyOf(types);
    }

    /** The first events, for a first look. */
    public static EventQuery first(int maxEvents, long maxBytes) {
        return new EventQuery(0, maxEvents, maxBytes, true, Set.of());
    }
}

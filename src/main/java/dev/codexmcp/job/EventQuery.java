package dev.codexmcp.job;

import dev.codexmcp.event.EventType;
import java.util.Set;

/**
 * Which events a page is to hold.
 *
 * @param cursor the number of events that come before the page
 * @param maxEvents how many events at most
 * @param maxBytes how much text at most, in bytes, though at least one event
 * @param types which types, empty for all
 */
public record EventQuery(int cursor, int maxEvents, long maxBytes, Set<EventType> types) {
    public EventQuery {
        types = Set.copyOf(types);
    }
}

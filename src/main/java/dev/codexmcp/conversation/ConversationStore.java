package dev.codexmcp.conversation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Holds this server's conversations in memory. A conversation is dropped after 24 hours without use, and the least
 * recently used one is dropped if there would be more than 100. Thread-safe.
 */
public final class ConversationStore {
    static final int MOST = 100;
    static final long IDLE_MILLIS = Duration.ofHours(24).toMillis();

    private final LongSupplier clock;

    /** By ID, least recently used first. */
    private final Map<String, Conversation> conversations = new LinkedHashMap<>(16, 0.75f, true);

    /** @param clock milliseconds since 1970 */
    public ConversationStore(LongSupplier clock) {
        this.clock = clock;
    }

    /** Returns the conversation with this ID, creating it if needed. Counts as a use. */
    public synchronized Conversation use(String id) {
        long now = clock.getAsLong();
        dropIdle(now);
        Conversation known = conversations.get(id);
        Conversation used = known == null ? new Conversation(id, Optional.empty(), now, now, 0) : known.accessedAt(now);
        conversations.put(id, used);
        if (conversations.size() > MOST) {
            conversations.remove(conversations.keySet().iterator().next());
        }
        return used;
    }

    /** Records a successful turn of this conversation in this thread of the CLI. */
    public synchronized void turnEnded(String id, String threadId) {
        long now = clock.getAsLong();
        conversations.computeIfPresent(id, (key, conversation) -> conversation.turnEnded(threadId, now));
    }

    /** Drops a conversation; its next use starts a new one. */
    public synchronized void reset(String id) {
        conversations.remove(id);
    }

    /** All conversations, least recently used first. */
    public synchronized List<Conversation> all() {
        dropIdle(clock.getAsLong());
        return List.copyOf(conversations.values());
    }

    private void dropIdle(long now) {
        conversations.values().removeIf(conversation -> now - conversation.lastAccessedAt() >= IDLE_MILLIS);
    }
}

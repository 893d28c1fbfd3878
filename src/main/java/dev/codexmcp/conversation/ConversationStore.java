package dev.codexmcp.conversation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The conversations of this server, in memory. It forgets one that has not been used for 24 hours, and the least
 * recently used one if there would be more than 100. Thread-safe.
 */
public final class ConversationStore {
    static final int MOST = 100;
    static final long IDLE_MILLIS = Duration.ofHours(24).toMillis();

    private final LongSupplier clock;

    /** By id, the least recently used first. */
    private final Map<String, Conversation> conversations = new LinkedHashMap<>(16, 0.75f, true);

    /** @param clock milliseconds since 1970 */
    public ConversationStore(LongSupplier clock) {
        this.clock = clock;
    }

    /** The conversation of this id, a new one if there is none. This counts as a use. */
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

    /** Records that a turn of this conversation has ended well, in this thread of the CLI. */
    public synchronized void turnEnded(String id, String threadId) {
        long now = clock.getAsLong();
        conversations.computeIfPresent(id, (key, conversation) -> conversation.turnEnded(threadId, now));
    }

    /** Forgets a conversation: its next use begins anew. */
    public synchronized void reset(String id) {
        conversations.remove(id);
    }

    /** All conversations, the least recently used first. */
    public synchronized List<Conversation> all() {
        dropIdle(clock.getAsLong());
        return List.copyOf(conversations.values());
    }

    private void dropIdle(long now) {
        conversations.values().removeIf(conversation -> now - conversation.lastAccessedAt() >= IDLE_MILLIS);
    }
}

package dev.codexmcp.conversation;

import java.util.Optional;

/**
 * A conversation at one moment.
 *
 * @param id the caller's name for it
 * @param threadId the CLI's, once a first turn has begun
 * @param createdAt milliseconds since 1970, like {@code lastAccessedAt}
 * @param turnCount how many turns have ended well
 */
public record Conversation(String id, Optional<String> threadId, long createdAt, long lastAccessedAt, int turnCount) {
    Conversation accessedAt(long now) {
        return new Conversation(id, threadId, createdAt, now, turnCount);
    }

    Conversation turnEnded(String thread, long now) {
        return new Conversation(id, Optional.of(thread), createdAt, now, turnCount + 1);
    }
}

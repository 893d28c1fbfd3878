package dev.codexmcp.conversation;

import java.util.Optional;

/**
 * A snapshot of a conversation.
 *
 * @param id the session ID chosen by the caller
 * @param threadId the CLI's thread; empty until a turn succeeds
 * @param createdAt milliseconds since 1970, like {@code lastAccessedAt}
 * @param turnCount how many turns have succeeded
 */
public record Conversation(String id, Optional<String> threadId, long createdAt, long lastAccessedAt, int turnCount) {
    public Conversation {
        if (turnCount < 0) { // the times are not checked: the system clock may be set back
            throw new IllegalArgumentException("negative turn count: " + turnCount);
        }
    }

    Conversation accessedAt(long now) {
        return new Conversation(id, threadId, createdAt, now, turnCount);
    }

    Conversation turnEnded(String thread, long now) {
        return new Conversation(id, Optional.of(thread), createdAt, now, turnCount + 1);
    }
}

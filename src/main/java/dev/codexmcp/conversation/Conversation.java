package dev.codexmcp.conversation;

import java.util.Optional;

/**
 * The state of a conversation at one moment.
 *
 * @param id the caller's name for it
 * @param threadId the CLI's, once a first turn has ended well
 * @param createdAt milliseconds since 1970, like {@code lastAccessedAt}
 * @param turnCount how many turns have ended well
 */
public record Conversation(String id, Optional<String> threadId, long createdAt, long lastAccessedAt, int turnCount) {
    public Conversation {
        if (turnCount < 0) { // nothing is said of the times: the system's clock may be set back
            throw new IllegalArgumentException(turnCount + " turns");
        }
    }

    Conversation accessedAt(long now) {
        return new Conversation(id, threadId, createdAt, now, turnCount);
    }

    Conversation turnEnded(String thread, long now) {
        return new Conversation(id, Optional.of(thread), createdAt, now, turnCount + 1);
    }
}

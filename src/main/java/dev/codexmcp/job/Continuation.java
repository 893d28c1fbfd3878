package dev.codexmcp.job;

import java.util.Optional;

/**
 * The thread that a job resumes or forks.
 *
 * @param threadId the CLI's id of the conversation
 * @param fork whether the job begins a new thread with the history of this one, which stays as it is
 * @param parentJobId the job that used the thread before, if known
 */
public record Continuation(String threadId, boolean fork, Optional<String> parentJobId) {
    public Continuation {
        if (threadId.isEmpty() || threadId.startsWith("-")) {
            throw new IllegalArgumentException("not a thread: \"" + threadId + "\"");
        }
    }
}

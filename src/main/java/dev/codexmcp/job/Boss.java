package dev.codexmcp.job;

import java.util.Optional;

/**
 * The conversation that started a job, as far as its host names it.
 *
 * @param threadId the host's id of the conversation
 * @param model the model that made the call
 * @param turnId the turn in which it did
 */
public record Boss(String threadId, Optional<String> model, Optional<String> turnId) {}

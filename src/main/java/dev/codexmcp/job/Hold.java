package dev.codexmcp.job;

/**
 * A period in which no queued job is started.
 *
 * @param reason the limit that was reached, as the word used in answers
 * @param until when it ends, in milliseconds since 1970
 */
public record Hold(String reason, long until) {}

package dev.codexmcp.job;

/**
 * A time in which no job that waits is started.
 *
 * @param reason which limit was reached; the word used in answers
 * @param until when it is over, in milliseconds since 1970
 */
public record Hold(String reason, long until) {}

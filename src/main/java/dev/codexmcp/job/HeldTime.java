package dev.codexmcp.job;

/**
 * When there was a {@link Hold}, in milliseconds since 1970.
 *
 * @param until when it was over, or will be
 */
public record HeldTime(long from, long until) {}

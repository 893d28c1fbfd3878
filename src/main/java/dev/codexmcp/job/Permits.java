package dev.codexmcp.job;

/**
 * How many jobs may run at once.
 *
 * @param used how many permits are taken
 * @param max how many there are
 */
public record Permits(int used, int max) {}

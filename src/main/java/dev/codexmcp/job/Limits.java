package dev.codexmcp.job;

import java.util.OptionalLong;

/**
 * How much a job may use before the server ends it. Empty means no limit.
 *
 * @param runMillis how long its worker may run
 * @param idleMillis how long its worker may give no sign of life
 * @param tokens how many tokens it may use, input and output
 */
public record Limits(OptionalLong runMillis, OptionalLong idleMillis, OptionalLong tokens) {
    /** No limits. */
    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public Limits {
        if (runMillis.orElse(1) < 1 || idleMillis.orElse(1) < 1 || tokens.orElse(1) < 1) {
            throw new IllegalArgumentException(runMillis + ", " + idleMillis + ", " + tokens);
        }
    }
}

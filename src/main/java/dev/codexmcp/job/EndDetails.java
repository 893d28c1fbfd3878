package dev.codexmcp.job;

import java.util.Optional;

/**
 * What the CLI or the system said about a job that did not end {@code done}.
 *
 * @param message what went wrong
 * @param retryAt when to try again, in milliseconds since 1970, if the message names a time
 */
public record EndDetails(Optional<String> message, Optional<Long> retryAt) {
    /** Nothing. */
    public static final EndDetails NONE = new EndDetails(Optional.empty(), Optional.empty());
}

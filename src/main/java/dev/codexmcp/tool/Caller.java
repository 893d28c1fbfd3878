package dev.codexmcp.tool;

import java.util.Objects;

/**
 * The client that makes a call.
 *
 * @param limits what its host does with answers, and how long it waits for them
 * @param progress receives the progress of a long call
 * @param folder where its workers run by default
 */
public record Caller(HostLimits limits, ProgressListener progress, DefaultFolder folder) {
    /** A client that says nothing of itself and asked for no progress. */
    public static final Caller UNKNOWN = new Caller(HostLimits.UNKNOWN, ProgressListener.UNWANTED, DefaultFolder.OWN);

    public Caller {
        Objects.requireNonNull(limits);
        Objects.requireNonNull(progress);
        Objects.requireNonNull(folder);
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.Boss;
import java.util.Objects;
import java.util.Optional;

/**
 * The client that makes a call.
 *
 * @param limits how its host treats answers, and how long it waits for them
 * @param progress receives the progress of a long call
 * @param folder where its workers run by default
 * @param boss the conversation that makes the call, if the host names it
 */
public record Caller(HostLimits limits, ProgressListener progress, DefaultFolder folder, Optional<Boss> boss) {
    /** A client that gives no information and did not ask for progress. */
    public static final Caller UNKNOWN = new Caller(HostLimits.UNKNOWN, ProgressListener.UNWANTED, DefaultFolder.OWN);

    /** A client whose host does not name the conversation. */
    public Caller(HostLimits limits, ProgressListener progress, DefaultFolder folder) {
        this(limits, progress, folder, Optional.empty());
    }

    public Caller {
        Objects.requireNonNull(limits);
        Objects.requireNonNull(progress);
        Objects.requireNonNull(folder);
        Objects.requireNonNull(boss);
    }
}

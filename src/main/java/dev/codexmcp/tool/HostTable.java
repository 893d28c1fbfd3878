package dev.codexmcp.tool;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known about hosts, from measurements and from the server's environment.
 *
 * @param maxWaitMillis how long a call may take, whatever the host; empty: what is known of the host decides
 * @param claudeTimeoutMillis Claude Code's own setting, which the server inherits; empty: Claude Code does not give up
 */
public record HostTable(OptionalLong maxWaitMillis, OptionalLong claudeTimeoutMillis) {
    /** Nothing is set in the environment. */
    public static final HostTable DEFAULT = new HostTable(OptionalLong.empty(), OptionalLong.empty());

    /** The longest time by which an answer precedes the moment at which the host gives up. */
    private static final long MARGIN_MILLIS = 10_000;

    /**
     * The limits for a call.
     *
     * @param clientName the name with which the client introduces itself; empty if it does not
     * @param progressWanted whether the client asked for the call's progress
     */
    public HostLimits limits(String clientName, boolean progressWanted) {
        Optional<KnownHost> known = KnownHost.of(clientName);
        OptionalLong wait = maxWaitMillis.isPresent()
                ? maxWaitMillis
                : known.map(host -> patience(host, progressWanted)).orElse(OptionalLong.empty());
        return known.map(host -> new HostLimits(host.pageBytes(), host.cutsTexts(), host.showsBoth(), wait))
                .orElseGet(() -> new HostLimits(HostLimits.DEFAULT_PAGE, false, false, wait));
    }

    private OptionalLong patience(KnownHost host, boolean progressWanted) {
        long patience =
                host == KnownHost.CLAUDE_CODE ? claudeTimeoutMillis.orElse(0) : host.patienceMillis(progressWanted);
        return patience == 0 ? OptionalLong.empty() : OptionalLong.of(patience - Math.min(MARGIN_MILLIS, patience / 6));
    }
}

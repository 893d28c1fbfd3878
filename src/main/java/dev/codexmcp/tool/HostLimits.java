package dev.codexmcp.tool;

import java.util.OptionalLong;

/**
 * What a client's host does with answers.
 *
 * @param pageBytes how long the text of an answer may be by default, in bytes
 * @param cutsTexts whether longer texts are known not to arrive whole
 * @param showsBoth whether the model gets both the text and the structured content, so that one of them must do
 * @param maxWaitMillis how long a call may take before the host gives up; empty if that is not known
 */
public record HostLimits(int pageBytes, boolean cutsTexts, boolean showsBoth, OptionalLong maxWaitMillis) {
    /** A page for hosts that nothing is known about. Hosts cut answers at 20 KB and more, in the middle of the JSON. */
    public static final int DEFAULT_PAGE = 16 * 1024;

    /** A host that nothing is known about. */
    public static final HostLimits UNKNOWN = new HostLimits(DEFAULT_PAGE, false, false, OptionalLong.empty());

    public HostLimits {
        if (pageBytes < 1 || maxWaitMillis.orElse(1) < 1) {
            throw new IllegalArgumentException(pageBytes + " bytes, " + maxWaitMillis + " ms");
        }
    }

    /** The time for a wait that is to last so long: less if the host gives up earlier. */
    public long cap(long millis) {
        return Math.min(millis, maxWaitMillis.orElse(Long.MAX_VALUE));
    }
}

package dev.codexmcp.tool;

import java.util.OptionalLong;

/**
 * How a client's host treats answers and long calls.
 *
 * @param pageBytes how long the text of an answer may be by default, in bytes
 * @param cutsTexts whether the host is known to cut longer texts
 * @param showsBoth whether the model gets both the text and the structured content, so that only one should be sent
 * @param maxWaitMillis how long a call may take before the host gives up; empty if that is not known
 */
public record HostLimits(int pageBytes, boolean cutsTexts, boolean showsBoth, OptionalLong maxWaitMillis) {
    /** The page for an unknown host. Some hosts cut answers at 20 KB, in the middle of the JSON. */
    public static final int DEFAULT_PAGE = 16 * 1024;

    /** An unknown host. */
    public static final HostLimits UNKNOWN = new HostLimits(DEFAULT_PAGE, false, false, OptionalLong.empty());

    public HostLimits {
        if (pageBytes < 1 || maxWaitMillis.orElse(1) < 1) {
            throw new IllegalArgumentException(pageBytes + " bytes, " + maxWaitMillis + " ms");
        }
    }

    /** How long a call may wait that asked for this many milliseconds: less if the host gives up earlier. */
    public long cap(long millis) {
        return Math.min(millis, maxWaitMillis.orElse(Long.MAX_VALUE));
    }
}

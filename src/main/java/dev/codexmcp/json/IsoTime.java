package dev.codexmcp.json;

import java.time.Instant;

/** Points in time as the answers print them: ISO 8601, UTC, always with milliseconds. */
public final class IsoTime {
    private IsoTime() {}

    /** For example {@code 2026-01-07T08:09:10.050Z}. */
    public static String format(long epochMillis) {
        String seconds =
                Instant.ofEpochSecond(Math.floorDiv(epochMillis, 1000L)).toString();
        long millis = Math.floorMod(epochMillis, 1000L);
        StringBuilder text = new StringBuilder(24).append(seconds, 0, seconds.length() - 1);
        text.append('.');
        if (millis < 100) {
            text.append('0');
        }
        if (millis < 10) {
            text.append('0');
        }
        return text.append(millis).append('Z').toString();
    }
}

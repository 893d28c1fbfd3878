package dev.codexmcp.json;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Timestamps in tool results: ISO 8601, UTC, always with milliseconds. */
public final class IsoTime {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private IsoTime() {}

    /** For example {@code 2026-01-07T08:09:10.050Z}. */
    public static String format(long epochMillis) {
        return MILLIS.format(Instant.ofEpochMilli(epochMillis));
    }
}

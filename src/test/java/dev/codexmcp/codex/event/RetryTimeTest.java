package dev.codexmcp.codex.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTimeTest {
    /** Eleven at night in New York. */
    private static final Clock SAID = Clock.fixed(Instant.parse("2026-11-22T04:00:30Z"), ZoneId.of("America/New_York"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "try again at 11:26 PM. | 2026-11-22T04:26:00Z",
                "try again at 11:00 PM. | 2026-11-22T04:00:00Z", // the current minute
                "try again at 10:59 PM. | 2026-11-23T03:59:00Z", // past: tomorrow
                "try again at 12:05 AM. | 2026-11-22T05:05:00Z",
                "try again at 12:05 PM. | 2026-11-22T17:05:00Z",
                "try again at Nov 22nd, 2026 9:00 AM. | 2026-11-22T14:00:00Z",
                "try again at Jul 1st, 2027 12:00 AM. | 2027-07-01T04:00:00Z",
                "try again at Feb 30th, 2027 12:00 AM. |",
                "try again at Foo 3rd, 2027 12:00 AM. |",
                "try again at 13:72 PM. |",
                "Please try again in 1.5s. Visit | 2026-11-22T04:00:31.500Z",
                "Please try again in 250ms. | 2026-11-22T04:00:30.250Z",
                "Please try again in 6m0s. | 2026-11-22T04:06:30Z",
                "Please try again in 1h2m3s. | 2026-11-22T05:02:33Z",
                "Try again in 2 days 3 hours. | 2026-11-24T07:00:30Z",
                "Try again in 2 days, 3 hours and 5 minutes. | 2026-11-24T07:05:30Z",
                "Try again in 35 seconds. | 2026-11-22T04:01:05Z",
                "retry-after: 20s | 2026-11-22T04:00:50Z",
                "Retry after 20 seconds | 2026-11-22T04:00:50Z",
                "try again later. |",
                "try again in a while |",
                "try again in 3 sheep |",
                "we tried in 5 s |",
                "try again in 300 days | 2027-09-18T04:00:30Z",
                "try again in 999999999 days 999999999 days |", // would hold the queue for ever
                "try again at Jul 1st, 9999 12:00 AM. |",
            })
    void readsTheTimeFromTheText(String words, @Nullable Instant time) {
        assertThat(RetryTime.in(words, SAID)).isEqualTo(Optional.ofNullable(time));
    }

    /** A provider's text can be of any length, and is read whenever somebody looks at the fleet. */
    @ParameterizedTest
    @ValueSource(strings = {"1ms ", "1s", "1 s, and ", "999999999 days"})
    void aLongTextDoesNoHarm(String part) {
        String words = "try again in " + part.repeat(100_000);

        assertThat(RetryTime.in(words, SAID)).isEqualTo(RetryTime.in(words, SAID));
        assertThat(RetryNotice.in("Reconnecting... 1/5 (" + words + ")", SAID)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"99:99 PM", "0:60 AM"})
    void ignoresATimeThatDoesNotExist(String time) {
        assertThat(RetryTime.in("try again at " + time, SAID)).isEmpty();
    }
}

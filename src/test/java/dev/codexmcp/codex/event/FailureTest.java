package dev.codexmcp.codex.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.event.RetryNotice.Attention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recorded failures and retries of the real CLI: {@code src/test/resources/codex-*}{@code /failures}. */
class FailureTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/codex-0.169.0/failures");
    private static final String OVERCOME = "rl429once-default";
    private static final Clock SAID = Clock.fixed(Instant.parse("2026-11-21T16:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "usage-soon, usage_limit",
        "usage-days, usage_limit",
        "usage-next-year, usage_limit",
        "usage-no-time, usage_limit",
        "usage-noretry, usage_limit",
        "usage-team, usage_limit",
        "usage-not-included, usage_limit",
        "quota-429, usage_limit",
        "quota-stream, usage_limit",
        "rate-429-retry-after, rate_limit",
        "rate-429-no-retries, rate_limit",
        "rl429-default, rate_limit",
        "rate-stream, rate_limit",
        "rate-stream-no-retries, rate_limit",
        "overload-503-slow-down, rate_limit",
        "overload-503-plain, overloaded",
        "overload-503-code, overloaded",
        "overload-default, overloaded",
        "overload-stream, overloaded",
        "overload-500, overloaded",
        "overload-502, overloaded",
        "network-bounded, network",
        "network-bounded-no-retries, network",
        "network-refused, network",
        "network-dns, network",
        "network-reset, network",
        "refused-bounded, network",
        "stream-broken, network",
        "stream-broken-no-retries, network",
        "stream-cut, network",
        "stream-silent, network",
        "auth-401, auth",
        "auth-403, auth",
        "auth-missing-key, auth",
        "model-400, model",
        "model-404, model",
        "bad-request-400,",
        "context-stream,",
    })
    void recognizesTheReasonOfARecordedFailure(String recording, @Nullable String reason) {
        EventList events = EventList.of(EventList.recorded("failures/" + recording));

        Failure failure = Failure.of(events, ZoneOffset.UTC).orElseThrow();

        assertThat(failure.reason().map(FailureReason::wire)).isEqualTo(Optional.ofNullable(reason));
        assertThat(failure.message()).isNotBlank().hasSizeLessThanOrEqualTo(Failure.LENGTH);
    }

    @Test
    void anErrorThatTheWorkerRecoveredFromIsNotItsFailure() {
        List<String> lines = EventList.recorded("failures/" + OVERCOME);

        assertThat(Failure.of(EventList.of(lines), ZoneOffset.UTC)).isEmpty();
        List<String> before =
                lines.stream().filter(line -> !line.contains("item.completed")).toList();
        assertThat(Failure.of(EventList.of(before.subList(0, before.size() - 1)), ZoneOffset.UTC)
                        .flatMap(Failure::reason))
                .contains(FailureReason.RATE_LIMIT);
    }

    @Test
    void everyRecordingIsTested() throws IOException {
        List<String> tried = Stream.concat(Stream.of(rows()).map(row -> row.split(",", 2)[0]), Stream.of(OVERCOME))
                .toList();
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".jsonl", "")))
                    .containsExactlyInAnyOrderElementsOf(tried);
        }
    }

    private static String[] rows() {
        try {
            return FailureTest.class
                    .getDeclaredMethod("recognizesTheReasonOfARecordedFailure", String.class, String.class)
                    .getAnnotation(CsvSource.class)
                    .value();
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "usage-soon, 2026-11-21T18:54:00Z",
        "usage-days, 2026-11-23T18:54:00Z",
        "usage-next-year, 2027-01-20T15:54:00Z",
        "usage-noretry, 2026-11-21T22:26:00Z",
        "usage-no-time,",
        "usage-team,",
        "rate-stream, 2026-11-21T16:00:01.500Z",
        "rate-stream-no-retries, 2026-11-21T16:00:11.054Z",
        "rate-429-retry-after,",
        "overload-503-code,",
    })
    void readsTheRetryTimeOfARecordedFailure(String recording, @Nullable Instant retryAt) {
        List<String> lines = EventList.recorded("failures/" + recording);
        String message = message(lines.get(lines.size() - 1));

        assertThat(Failure.of(message, SAID).retryAt()).isEqualTo(Optional.ofNullable(retryAt));
    }

    @Test
    void readsATimeInTheCliTimeZone() {
        List<String> lines = EventList.recorded("failures/usage-soon");
        Clock berlin = SAID.withZone(ZoneId.of("Europe/Berlin"));

        assertThat(Failure.of(message(lines.get(lines.size() - 1)), berlin).retryAt())
                .contains(Instant.parse("2026-11-21T17:54:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "rate-429-retry-after, RATE_LIMITED, 5, reconnects 5/5: 429",
        "rate-stream, RATE_LIMITED, 5, reconnects 5/5: rate_limit",
        "overload-503-plain, RETRYING, 5, reconnects 5/5: 503",
        "overload-500, RETRYING, 5, reconnects 5/5: overloaded",
        "auth-401, RETRYING, 5, reconnects 5/5: 401",
        "network-bounded, NETWORK, 5, reconnects 5/5: network",
        "stream-broken, NETWORK, 5, reconnects 5/5: network",
        "network-refused, NETWORK, 0, reconnects: network",
        "network-dns, NETWORK, 0, reconnects: network",
    })
    void recognizesARecordedRetry(String recording, Attention attention, int attempts, String words) {
        List<RetryNotice> notices = EventList.recorded("failures/" + recording).stream()
                .filter(line -> line.startsWith("{\"type\":\"error\""))
                .flatMap(line -> RetryNotice.in(message(line), SAID).stream())
                .toList();

        RetryNotice notice = notices.get(notices.size() - 1);
        assertThat(notice.attention()).isEqualTo(attention);
        assertThat(notice.attempt()).isEqualTo(attempts);
        assertThat(notice.limit()).isEqualTo(attempts);
        assertThat(notice.inWords()).isEqualTo(words);
    }

    @Test
    void theFinalErrorIsNotARetry() {
        List<String> lines = EventList.recorded("failures/rate-429-retry-after");

        assertThat(RetryNotice.in(message(lines.get(lines.size() - 2)), SAID)).isEmpty();
    }

    @Test
    void ignoresTheProvidersTextAfterTheCliOwnWords() {
        assertThat(Failure.of("unexpected status 401 Unauthorized: You've hit your usage limit", SAID)
                        .reason())
                .contains(FailureReason.AUTH);
        assertThat(Failure.of("something new: rate limit exceeded: 429, at capacity", SAID)
                        .reason())
                .isEmpty();
    }

    @Test
    void truncatesALongMessage() {
        Failure failure = Failure.of("Quota exceeded.\n" + "\uD83D\uDE00".repeat(1000), SAID);

        assertThat(failure.message())
                .hasSize(Failure.LENGTH)
                .startsWith("Quota exceeded. ")
                .endsWith("…");
        assertThat(failure.reason()).contains(FailureReason.USAGE_LIMIT);
    }

    @Test
    void reasonsHaveTheirWireNames() {
        Set<String> words = new HashSet<>();
        for (FailureReason reason : FailureReason.values()) {
            words.add(reason.wire());
        }
        assertThat(words)
                .containsExactlyInAnyOrder("usage_limit", "rate_limit", "overloaded", "network", "auth", "model");
        assertThat(Attention.RATE_LIMITED.wire()).isEqualTo("rate_limited");
    }

    private static String message(String line) {
        EventList events = EventList.of(line);
        return LineText.at(events.line(1), "message")
                .or(() -> LineText.at(events.line(1), "error", "message"))
                .orElseThrow();
    }
}

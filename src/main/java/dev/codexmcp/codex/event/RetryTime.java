package dev.codexmcp.codex.event;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Parses when to retry from the CLI's English: {@code try again at 10:26 PM}, {@code try again at Jan 20th, 2027 3:54
 * PM}, {@code try again in 1.5s}, {@code try again in 2 days 3 hours}.
 */
final class RetryTime {
    /** The CLI prints its local time, and the date only if it isn't today. */
    private static final Pattern AT = Pattern.compile(
            "try again at (?:(?<month>[A-Z][a-z]{2}) (?<day>\\d{1,2})(?:st|nd|rd|th), (?<year>\\d{4}) )?"
                    + "(?<hour>\\d{1,2}):(?<minute>\\d{2}) (?<half>[AP])M");

    private static final Pattern IN =
            Pattern.compile("(?:try again in|retry[- ]after:?) (?=\\d)", Pattern.CASE_INSENSITIVE);

    /** Matched one by one: a pattern for any number of them would exhaust the stack on a long message. */
    private static final Pattern AMOUNT = Pattern.compile(
            "(?:,? (?:and )?)?(\\d{1,9}(?:\\.\\d{1,9})?) ?"
                    + "(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])",
            Pattern.CASE_INSENSITIVE);

    /** A time further away is not believed: it would hold the queue for ever. */
    private static final Duration FURTHEST = Duration.ofDays(366);

    private static final Map<String, Month> MONTHS = IntStream.rangeClosed(1, 12)
            .mapToObj(Month::of)
            .collect(Collectors.toMap(
                    month -> month.name().charAt(0)
                            + month.name().substring(1, 3).toLowerCase(Locale.ROOT),
                    month -> month));

    private RetryTime() {}

    /** The time named in these words, if any. */
    static Optional<Instant> in(String words, Clock reported) {
        Instant latest = reported.instant().plus(FURTHEST);
        Matcher at = AT.matcher(words);
        Optional<Instant> named = at.find() ? at(at, reported) : after(words).map(reported.instant()::plus);
        return named.filter(time -> time.isBefore(latest));
    }

    private static Optional<Instant> at(Matcher at, Clock reported) {
        try {
            int hour =
                    Integer.parseInt(at.group("hour")) % 12 + (at.group("half").equals("P") ? 12 : 0);
            LocalTime time = LocalTime.of(hour, Integer.parseInt(at.group("minute")));
            ZonedDateTime now = ZonedDateTime.now(reported);
            if (at.group("month") != null) {
                Month month = MONTHS.get(at.group("month"));
                if (month == null) {
                    return Optional.empty();
                }
                LocalDate date =
                        LocalDate.of(Integer.parseInt(at.group("year")), month, Integer.parseInt(at.group("day")));
                return Optional.of(date.atTime(time).atZone(reported.getZone()).toInstant());
            }
            // The time is given to the minute, and may be the current minute.
            ZonedDateTime today = now.toLocalDate().atTime(time).atZone(reported.getZone());
            boolean past = today.plusMinutes(1).isBefore(now);
            return Optional.of(
                    (past ? now.toLocalDate().plusDays(1).atTime(time).atZone(reported.getZone()) : today).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> after(String words) {
        Matcher in = IN.matcher(words);
        if (!in.find()) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher amount = AMOUNT.matcher(words);
        int end = in.end();
        while (sum.compareTo(FURTHEST) < 0 && amount.region(end, words.length()).lookingAt()) {
            sum = sum.plusMillis(Math.round(Double.parseDouble(amount.group(1)) * millis(amount.group(2))));
            end = amount.end();
        }
        return end == in.end() ? Optional.empty() : Optional.of(sum);
    }

    private static long millis(String unit) {
        String lower = unit.toLowerCase(Locale.ROOT);
        if (lower.startsWith("ms") || lower.startsWith("mil")) {
            return 1;
        }
        return switch (lower.charAt(0)) {
            case 's' -> 1000;
            case 'm' -> 60_000;
            case 'h' -> 3_600_000;
            default -> 86_400_000;
        };
    }
}

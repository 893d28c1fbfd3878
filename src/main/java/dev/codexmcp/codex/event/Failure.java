package dev.codexmcp.codex.event;

import dev.codexmcp.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What went wrong in a turn, in the CLI's own words.
 *
 * @param reason empty if the words are none that this server knows
 * @param message the words, in one line, {@value #LENGTH} characters at most
 * @param retryAt when it may be tried again, if the words name a time
 */
public record Failure(Optional<FailureReason> reason, String message, Optional<Instant> retryAt) {
    /** The longest message. */
    public static final int LENGTH = 300;

    /**
     * Judges the message of a {@code turn.failed} line, or of a top-level {@code error} line. No other text may come here:
     * what an agent says about an error is no error.
     *
     * @param said when the CLI said it, in the time zone in which the CLI writes times
     */
    public static Failure of(String message, Clock said) {
        String words = oneLine(message);
        return new Failure(FailurePatterns.reason(words), cut(words), RetryTime.in(words, said));
    }

    /**
     * What went wrong last, by what the worker itself says: its turn's failure, else its last top-level error, which may be
     * one after which it tried again.
     *
     * @param zone the time zone in which the CLI writes times
     */
    public static Optional<Failure> of(EventLines lines, ZoneId zone) {
        int failed = lines.last(CodexEventKind.TURN_FAILED);
        int index = failed >= 0 ? failed : lines.last(CodexEventKind.ERROR);
        if (index < 0) {
            return Optional.empty();
        }
        Optional<String> message = failed >= 0
                ? LineText.at(lines.line(index), "error", "message")
                : LineText.at(lines.line(index), "message");
        Clock said = Clock.fixed(Instant.ofEpochMilli(lines.time(index)), zone);
        return message.map(
                words -> RetryNotice.in(words, said).map(RetryNotice::cause).orElseGet(() -> of(words, said)));
    }

    static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }

    private static String cut(String text) {
        return text.length() <= LENGTH ? text : Json.wellFormed(text.substring(0, LENGTH - 1)) + "…";
    }
}

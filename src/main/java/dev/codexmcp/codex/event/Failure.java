package dev.codexmcp.codex.event;

import dev.codexmcp.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What went wrong in a turn, according to the CLI.
 *
 * @param reason empty if this server does not recognize the message
 * @param message the CLI's message on one line, at most {@value #LENGTH} characters
 * @param retryAt when the turn may be retried, if the message names a time
 */
public record Failure(Optional<FailureReason> reason, String message, Optional<Instant> retryAt) {
    /** The longest message. */
    public static final int LENGTH = 300;

    /** What only a worker prints that reaches its model. */
    private static final Set<CodexEventKind> WORK = EnumSet.of(
            CodexEventKind.AGENT_MESSAGE,
            CodexEventKind.REASONING,
            CodexEventKind.COMMAND_CALL,
            CodexEventKind.FILE_CHANGE_CALL,
            CodexEventKind.MCP_CALL,
            CodexEventKind.WEB_SEARCH_CALL,
            CodexEventKind.COLLAB_CALL,
            CodexEventKind.TODO_LIST,
            CodexEventKind.TURN_COMPLETED);

    /**
     * Classifies the message of a {@code turn.failed} line or a top-level {@code error} line. Must not be used for any
     * other text: an agent's message about an error is not an error.
     *
     * @param reported when the CLI printed it, in the time zone in which the CLI writes times
     */
    public static Failure of(String message, Clock reported) {
        String words = oneLine(message);
        return new Failure(FailurePatterns.reason(words), cut(words), RetryTime.in(words, reported));
    }

    /**
     * The worker's last failure: that of its turn, else its last top-level error, unless it got over that: then it has
     * worked on.
     *
     * @param zone the time zone in which the CLI writes times
     */
    public static Optional<Failure> of(EventLines lines, ZoneId zone) {
        int failed = lines.last(CodexEventKind.TURN_FAILED);
        int index = failed >= 0 ? failed : lines.last(CodexEventKind.ERROR);
        if (index < 0 || (failed < 0 && WORK.stream().anyMatch(kind -> lines.last(kind) > index))) {
            return Optional.empty();
        }
        Optional<String> message = failed >= 0
                ? LineText.at(lines.line(index), "error", "message")
                : LineText.at(lines.line(index), "message");
        Clock reported = Clock.fixed(Instant.ofEpochMilli(lines.time(index)), zone);
        return message.map(
                words -> RetryNotice.in(words, reported).map(RetryNotice::cause).orElseGet(() -> of(words, reported)));
    }

    /** Any message on one line, at most {@value #LENGTH} characters. */
    public static String shortened(String message) {
        return cut(oneLine(message));
    }

    static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }

    private static String cut(String text) {
        return text.length() <= LENGTH ? text : Json.wellFormed(text.substring(0, LENGTH - 1)) + "…";
    }
}

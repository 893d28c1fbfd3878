package dev.codexmcp.codex.event;

import static dev.codexmcp.codex.event.FailureReason.AUTH;
import static dev.codexmcp.codex.event.FailureReason.MODEL;
import static dev.codexmcp.codex.event.FailureReason.NETWORK;
import static dev.codexmcp.codex.event.FailureReason.OVERLOADED;
import static dev.codexmcp.codex.event.FailureReason.RATE_LIMIT;
import static dev.codexmcp.codex.event.FailureReason.USAGE_LIMIT;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The table of patterns that identify the CLI's errors, since the CLI reports them as prose without codes.
 *
 * <p>Except for models, the patterns match only the beginning of a message, which is the CLI's own text; the rest may
 * be anything the provider sent. For each there is a recording in {@code src/test/resources/codex-*}.
 */
final class FailurePatterns {
    private static final List<Row> TABLE = List.of(
            row("You[’']ve hit your usage limit", USAGE_LIMIT),
            row("Quota exceeded\\.", USAGE_LIMIT),
            row("To use Codex with your ChatGPT plan, upgrade", USAGE_LIMIT),
            row("exceeded retry limit, last status: 429\\b", RATE_LIMIT),
            row("rate limit exceeded: ", RATE_LIMIT),
            row("Selected model is at capacity", OVERLOADED),
            row("We[’']re currently experiencing high demand", OVERLOADED),
            row("(unexpected status|exceeded retry limit, last status:) 5\\d\\d\\b", OVERLOADED),
            row("Connection failed: ", NETWORK),
            row(
                    "stream disconnected before completion: "
                            + "(stream closed|Transport error: |idle timeout|error sending request)",
                    NETWORK),
            row("Missing environment variable: ", AUTH),
            row("unexpected status 40[13]\\b", AUTH),
            row("The model `[^`]{1,200}` does not exist", MODEL),
            row("\\{\"detail\": ?\"The '[^']{1,200}' model is not supported", MODEL));

    private record Row(Pattern words, FailureReason reason) {}

    private FailurePatterns() {}

    private static Row row(String words, FailureReason reason) {
        return new Row(Pattern.compile(words), reason);
    }

    /** The reason for an error with this message, if recognized. */
    static Optional<FailureReason> reason(String words) {
        for (Row row : TABLE) {
            if (row.words().matcher(words).lookingAt()) {
                return Optional.of(row.reason());
            }
        }
        return Optional.empty();
    }
}

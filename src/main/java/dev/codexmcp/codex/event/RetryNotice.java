package dev.codexmcp.codex.event;

import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A top-level {@code error} line in which the CLI reports a retry: {@code Reconnecting... 3/5 (…)}.
 *
 * @param attention what the job's user should know
 * @param attempt the number of the attempt; 0 if the CLI does not count, as while it waits for the network
 * @param limit the number of attempts after which the CLI gives up; 0 if it never does
 * @param cause the failure that led to the retry
 */
public record RetryNotice(Attention attention, int attempt, int limit, Failure cause) {
    private static final Pattern NOTICE =
            Pattern.compile("Reconnecting\\.\\.\\. (?:(\\d{1,9})/(\\d{1,9})|waiting for network)(?: \\((.*)\\))?");
    private static final Pattern STATUS = Pattern.compile("\\bstatus:? (\\d{3})\\b");

    /** What a retry means for the state of a job. */
    public enum Attention {
        /** The provider throttles the worker. */
        RATE_LIMITED,
        /** The provider cannot be reached; this may last forever. */
        NETWORK,
        /** Any other failure that may be temporary. */
        RETRYING;

        private final String wire = name().toLowerCase(Locale.ROOT);

        /** The name used in results. */
        public String wire() {
            return wire;
        }
    }

    /**
     * Parses the message of a top-level {@code error} line.
     *
     * @param reported when the CLI printed it, in the time zone in which the CLI writes times
     * @return empty if the CLI does not retry
     */
    public static Optional<RetryNotice> in(String message, Clock reported) {
        Matcher matcher = NOTICE.matcher(Failure.oneLine(message));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean counted = matcher.group(1) != null;
        Failure cause = Failure.of(matcher.group(3) == null ? "" : matcher.group(3), reported);
        return Optional.of(new RetryNotice(
                counted ? attention(cause) : Attention.NETWORK,
                counted ? Integer.parseInt(matcher.group(1)) : 0,
                counted ? Integer.parseInt(matcher.group(2)) : 0,
                cause));
    }

    private static Attention attention(Failure cause) {
        return cause.reason()
                .map(reason -> switch (reason) {
                    case RATE_LIMIT, USAGE_LIMIT -> Attention.RATE_LIMITED;
                    case NETWORK -> Attention.NETWORK;
                    case OVERLOADED, AUTH, MODEL -> Attention.RETRYING;
                })
                .orElse(Attention.RETRYING);
    }

    /** In a few words: {@code reconnects 3/5: 429}. */
    public String inWords() {
        Matcher status = STATUS.matcher(cause.message());
        String why = status.find()
                ? status.group(1)
                : cause.reason().map(FailureReason::wire).orElse(cause.message());
        String count = limit == 0 ? "" : " " + attempt + "/" + limit;
        return "reconnects" + count + (why.isEmpty() ? "" : ": " + why);
    }
}

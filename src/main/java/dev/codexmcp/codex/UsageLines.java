package dev.codexmcp.codex;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.LineScanner;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.JsonObjectCursor;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads token counts from single lines of a worker's output or its rollout file. Accepts any input. */
public final class UsageLines {
    private static final byte[] USAGE = name("usage");
    private static final byte[] TIMESTAMP = name("timestamp");
    private static final byte[] TYPE = name("type");
    private static final byte[] PAYLOAD = name("payload");
    private static final byte[] INFO = name("info");
    private static final byte[] TOTAL = name("total_token_usage");
    private static final byte[] LAST = name("last_token_usage");
    private static final byte[] INPUT = name("input_tokens");
    private static final byte[] CACHED = name("cached_input_tokens");
    private static final byte[] OUTPUT = name("output_tokens");
    private static final byte[] REASONING = name("reasoning_output_tokens");

    /** Any number with up to this many digits fits into a long. */
    private static final int DIGITS = 18;

    /**
     * A {@code token_count} line.
     *
     * @param written the line's timestamp, if it has one
     * @param total the thread's usage so far, including that of threads it was forked from
     * @param last the usage of the last model response alone
     */
    record Count(Optional<Instant> written, TokenUsage total, TokenUsage last) {}

    private UsageLines() {}

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** The usage in a valid {@code turn.completed} line: that of the whole thread so far, including earlier turns. */
    public static Optional<TokenUsage> ofTurn(ByteSlice line) {
        JsonObjectCursor members = new JsonObjectCursor(line.array(), line.offset(), line.length());
        Optional<TokenUsage> usage = Optional.empty();
        while (members.next()) {
            if (members.nameIs(USAGE)) {
                usage = usage(members, line);
            }
        }
        return usage;
    }

    /** The counts in a line of a rollout file; empty if it is not a {@code token_count} line with counts. */
    static Optional<Count> count(ByteSlice line) {
        if (!isJson(line)) {
            return Optional.empty();
        }
        JsonObjectCursor members = new JsonObjectCursor(line.array(), line.offset(), line.length());
        Optional<Instant> written = Optional.empty();
        boolean event = false;
        Optional<Count> count = Optional.empty();
        while (members.next()) {
            if (members.nameIs(TIMESTAMP)) {
                written = members.text().flatMap(UsageLines::instant);
            } else if (members.nameIs(TYPE)) {
                event = members.text().equals(Optional.of("event_msg"));
            } else if (members.nameIs(PAYLOAD)) {
                count = payload(members, line);
            }
        }
        Optional<Instant> when = written;
        return event ? count.map(found -> new Count(when, found.total(), found.last())) : Optional.empty();
    }

    private static boolean isJson(ByteSlice line) {
        boolean[] valid = new boolean[1];
        LineScanner scanner = new LineScanner((start, kind) -> valid[0] = kind != CodexEventKind.MALFORMED);
        scanner.scan(line.array(), line.offset(), line.length());
        scanner.finish();
        return valid[0];
    }

    private static Optional<Count> payload(JsonObjectCursor payload, ByteSlice line) {
        JsonObjectCursor members = value(payload, line);
        boolean tokenCount = false;
        Optional<Count> count = Optional.empty();
        while (members.next()) {
            if (members.nameIs(TYPE)) {
                tokenCount = members.text().equals(Optional.of("token_count"));
            } else if (members.nameIs(INFO)) {
                count = info(value(members, line), line);
            }
        }
        return tokenCount ? count : Optional.empty();
    }

    private static Optional<Count> info(JsonObjectCursor members, ByteSlice line) {
        Optional<TokenUsage> total = Optional.empty();
        Optional<TokenUsage> last = Optional.empty();
        while (members.next()) {
            if (members.nameIs(TOTAL)) {
                total = usage(members, line);
            } else if (members.nameIs(LAST)) {
                last = usage(members, line);
            }
        }
        TokenUsage response = last.orElse(TokenUsage.NONE);
        return total.map(sum -> new Count(Optional.empty(), sum, response));
    }

    private static Optional<TokenUsage> usage(JsonObjectCursor object, ByteSlice line) {
        JsonObjectCursor members = value(object, line);
        Long input = null;
        long cached = 0;
        Long output = null;
        long reasoning = 0;
        while (members.next()) {
            if (members.nameIs(INPUT)) {
                input = number(members);
            } else if (members.nameIs(CACHED)) {
                cached = orNone(number(members));
            } else if (members.nameIs(OUTPUT)) {
                output = number(members);
            } else if (members.nameIs(REASONING)) {
                reasoning = orNone(number(members));
            }
        }
        return input == null || output == null
                ? Optional.empty()
                : Optional.of(new TokenUsage(input, cached, output, reasoning));
    }

    private static JsonObjectCursor value(JsonObjectCursor member, ByteSlice line) {
        return new JsonObjectCursor(line.array(), member.valueStart(), member.valueLength());
    }

    private static @Nullable Long number(JsonObjectCursor member) {
        String digits = member.raw();
        return digits.length() <= DIGITS && digits.matches("\\d+") ? Long.valueOf(digits) : null;
    }

    private static long orNone(@Nullable Long number) {
        return number == null ? 0 : number;
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

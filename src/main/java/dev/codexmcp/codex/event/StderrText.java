package dev.codexmcp.codex.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds what a CLI that ends without an event has to say, on standard error: rarely its last line, which may be part of a
 * backtrace, of a hint, or of a configuration file with the user's keys.
 */
public final class StderrText {
    private static final Pattern CONTROLS = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]|[\\p{Cntrl}&&[^\t]]");
    private static final Pattern BEGINNING = Pattern.compile("(?i:error)\\b.*|Failed to .*|thread '.*' panicked at .*");

    /** Lines of a shown source, of a backtrace, and what the CLI prints whatever happens. */
    private static final Pattern NOISE =
            Pattern.compile("\\s*|\\s*\\d*\\s*\\|.*|\\s*\\d+: .*|\\s+at .*|Stack backtrace:|note: .*"
                    + "|(?i:warning): .*|For more information, try .*|" + Pattern.quote(LineText.STDIN_NOTICE));

    /** The message may continue in the next lines. */
    private static final int MOST_LINES = 3;

    private StderrText() {}

    /** The error on one line, at most {@value Failure#LENGTH} characters; empty if there is none. */
    public static Optional<String> error(String stderr) {
        List<String> lines = stderr.lines()
                .map(line -> CONTROLS.matcher(line).replaceAll(""))
                .toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (BEGINNING.matcher(lines.get(i)).matches()) {
                return Optional.of(Failure.shortened(String.join(" ", from(lines, i))));
            }
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!NOISE.matcher(lines.get(i)).matches()) {
                return Optional.of(Failure.shortened(lines.get(i)));
            }
        }
        return Optional.empty();
    }

    private static List<String> from(List<String> lines, int first) {
        List<String> message = new ArrayList<>(List.of(lines.get(first)));
        for (int i = first + 1; i < lines.size() && message.size() < MOST_LINES; i++) {
            if (NOISE.matcher(lines.get(i)).matches()) {
                break;
            }
            message.add(lines.get(i));
        }
        return message;
    }
}

package dev.codexmcp.codex.event;

import dev.codexmcp.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker is doing, derived on demand from its latest events. The cost does not depend on how many events there
 * are.
 *
 * @param doing a few words, at most {@value #LENGTH} characters
 * @param idleSince when the worker last showed a sign of life, in milliseconds since 1970; empty while it waits for a
 *     command, a tool or a search
 * @param retry present if the worker last reported that it is retrying
 */
public record Activity(String doing, OptionalLong idleSince, Optional<RetryNotice> retry) {
    /** The longest {@link #doing}. */
    public static final int LENGTH = 80;

    /** How many events to search for an unfinished call. */
    private static final int LOOK_BACK = 64;

    private static final Set<CodexEventKind> CALLS = EnumSet.of(
            CodexEventKind.COMMAND_CALL,
            CodexEventKind.FILE_CHANGE_CALL,
            CodexEventKind.MCP_CALL,
            CodexEventKind.WEB_SEARCH_CALL,
            CodexEventKind.COLLAB_CALL);

    private static final Set<CodexEventKind> RESULTS = EnumSet.of(
            CodexEventKind.COMMAND_RESULT,
            CodexEventKind.FILE_CHANGE_RESULT,
            CodexEventKind.MCP_RESULT,
            CodexEventKind.WEB_SEARCH_RESULT,
            CodexEventKind.COLLAB_RESULT);

    /** Top-level errors don't count: a worker that cannot reach its model repeats them forever. */
    private static final Set<CodexEventKind> SIGNS_OF_LIFE =
            EnumSet.complementOf(EnumSet.of(CodexEventKind.ERROR, CodexEventKind.OUT_OF_MEMORY, CodexEventKind.FINAL));

    /** The kinds that show what the worker is doing. */
    private static final Set<CodexEventKind> INFORMATIVE = EnumSet.complementOf(EnumSet.of(
            CodexEventKind.ITEM_ERROR,
            CodexEventKind.OTHER_ITEM,
            CodexEventKind.UNKNOWN,
            CodexEventKind.MALFORMED,
            CodexEventKind.OUT_OF_MEMORY,
            CodexEventKind.FINAL));

    /** The CLI shows a command as {@code /bin/bash -lc 'COMMAND'}. */
    private static final Pattern SHELL = Pattern.compile("\\S*sh -l?c (?:'(.*)'|(.*))", Pattern.DOTALL);

    /**
     * Determines what the worker is doing.
     *
     * @param now in milliseconds since 1970
     * @param zone the time zone in which the CLI writes times
     * @param directory the worker's working directory; files in it are shown relative to it
     */
    public static Activity of(EventLines lines, long now, ZoneId zone, String directory) {
        int call = unfinishedCall(lines);
        int sign = last(lines, SIGNS_OF_LIFE);
        OptionalLong idleSince = call >= 0 ? OptionalLong.empty() : OptionalLong.of(sign < 0 ? now : lines.time(sign));
        int error = lines.last(CodexEventKind.ERROR);
        Optional<RetryNotice> retry = error > sign ? retry(lines, error, zone) : Optional.empty();
        String doing = retry.map(RetryNotice::inWords).orElseGet(() -> {
            int latest = call >= 0 ? call : last(lines, INFORMATIVE);
            return latest < 0 ? "starts" : inWords(lines, latest, now, directory);
        });
        return new Activity(cut(doing, LENGTH), idleSince, retry);
    }

    /**
     * When the worker last showed a sign of life, in milliseconds since 1970. Empty while it waits for a command, a
     * tool or a search, which does not count as idle. Reads no line unless calls overlap.
     */
    public static OptionalLong idleSince(EventLines lines) {
        if (unfinishedCall(lines) >= 0) {
            return OptionalLong.empty();
        }
        int sign = last(lines, SIGNS_OF_LIFE);
        return sign < 0 ? OptionalLong.empty() : OptionalLong.of(lines.time(sign));
    }

    private static int last(EventLines lines, Set<CodexEventKind> kinds) {
        int last = -1;
        for (CodexEventKind kind : kinds) {
            last = Math.max(last, lines.last(kind));
        }
        return last;
    }

    /**
     * The last call without a result, or -1. Only calls since the agent's last message or reasoning count: a command
     * left running in the background has no result either.
     */
    private static int unfinishedCall(EventLines lines) {
        int newest = last(lines, INFORMATIVE);
        newest = newest >= 0 && lines.kind(newest) == CodexEventKind.ERROR ? last(lines, SIGNS_OF_LIFE) : newest;
        int open = 0;
        for (int i = newest; i >= 0 && i > newest - LOOK_BACK; i--) {
            CodexEventKind kind = lines.kind(i);
            if (CALLS.contains(kind)) {
                if (--open < 0) {
                    return unfinishedCall(lines, newest, i);
                }
            } else if (RESULTS.contains(kind)) {
                open++;
            } else if (INFORMATIVE.contains(kind) && kind != CodexEventKind.ERROR) {
                return -1;
            }
        }
        return -1;
    }

    /** The last call from {@code oldest} to {@code newest} without a result; there is at least one. */
    private static int unfinishedCall(EventLines lines, int newest, int oldest) {
        Set<String> finished = new HashSet<>();
        for (int i = newest; i > oldest; i--) {
            boolean result = RESULTS.contains(lines.kind(i));
            if (result || CALLS.contains(lines.kind(i))) {
                String id = LineText.at(lines.line(i), "item", "id").orElse("");
                if (result) {
                    finished.add(id);
                } else if (!finished.contains(id)) {
                    return i;
                }
            }
        }
        return oldest;
    }

    private static Optional<RetryNotice> retry(EventLines lines, int error, ZoneId zone) {
        return LineText.at(lines.line(error), "message")
                .flatMap(
                        message -> RetryNotice.in(message, Clock.fixed(Instant.ofEpochMilli(lines.time(error)), zone)));
    }

    private static String inWords(EventLines lines, int index, long now, String directory) {
        String since = " (" + Math.max(0, (now - lines.time(index)) / 1000) + " s)";
        return switch (lines.kind(index)) {
            case COMMAND_CALL -> "runs: " + shortened(command(text(lines, index, "command")), since);
            case MCP_CALL ->
                "calls " + shortened(text(lines, index, "server") + "." + text(lines, index, "tool"), since);
            case COLLAB_CALL -> "calls " + shortened(text(lines, index, "tool"), since);
            case WEB_SEARCH_CALL -> "searches: " + shortened(text(lines, index, "query"), since);
            case FILE_CHANGE_CALL, FILE_CHANGE_RESULT -> edits(ChangedFiles.in(lines.line(index)), directory);
            case AGENT_MESSAGE -> "says: " + text(lines, index, "text");
            case REASONING -> "thinks";
            case TODO_LIST -> "plans";
            case TURN_STARTED, COMMAND_RESULT, MCP_RESULT, WEB_SEARCH_RESULT, COLLAB_RESULT -> "waits for the model";
            case ERROR ->
                "reports: " + LineText.at(lines.line(index), "message").orElse("an error");
            case TURN_FAILED ->
                "fails: " + LineText.at(lines.line(index), "error", "message").orElse("no reason given");
            case TURN_COMPLETED -> "ends";
            case QUEUED, RETRY -> "is queued";
            case SPAWNED, THREAD_STARTED -> "starts";
            case ITEM_ERROR, OTHER_ITEM, UNKNOWN, MALFORMED, OUT_OF_MEMORY, FINAL ->
                throw new IllegalStateException("not informative: " + lines.kind(index));
        };
    }

    private static String text(EventLines lines, int index, String member) {
        return LineText.at(lines.line(index), "item", member).orElse("");
    }

    private static String command(String shown) {
        Matcher shell = SHELL.matcher(shown);
        if (!shell.matches()) {
            return shown;
        }
        return shell.group(1) == null ? shell.group(2) : shell.group(1);
    }

    private static String edits(List<String> files, String directory) {
        if (files.isEmpty()) {
            return "edits files";
        }
        String file = files.get(0);
        String prefix = directory.endsWith("/") ? directory : directory + "/";
        String shown = file.startsWith(prefix) ? file.substring(prefix.length()) : file;
        return "edits " + (files.size() == 1 ? shown : shortened(shown, " and " + (files.size() - 1) + " more"));
    }

    /** Shortens a text so that the suffix fits. */
    private static String shortened(String text, String suffix) {
        return cut(text, LENGTH - suffix.length() - "searches: ".length()) + suffix;
    }

    /** The text on one line, at most this long. Looks at no more of it than is shown: rows are made often. */
    private static String cut(String text, int length) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), length + 1));
        boolean blank = false;
        for (int i = 0; i < text.length() && line.length() <= length; i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                blank = true;
            } else {
                if (blank && line.length() > 0) {
                    line.append(' ');
                }
                blank = false;
                line.append(c);
            }
        }
        if (line.length() <= length) {
            return line.toString();
        }
        line.setLength(length - 1);
        return Json.wellFormed(line.toString()) + "…";
    }
}

package dev.codexmcp.job;

import dev.codexmcp.codex.event.ChangedFiles;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventType;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Events in a few words, for people and prompts. */
final class EventDigest {
    /** A line of a progress message, in characters. */
    private static final int SHORT = 120;

    private static final Set<EventType> SAID = EnumSet.of(EventType.MESSAGE, EventType.PROGRESS, EventType.ERROR);

    private EventDigest() {}

    /** What the worker is doing, by the last of the events from {@code from} on that tells. */
    static Optional<String> activity(EventLog.Reader events, int from) {
        for (int i = events.size() - 1; i >= from; i--) {
            Optional<String> words = activity(events.kind(i), events, i);
            if (words.isPresent()) {
                return words.map(text -> cut(text.replaceAll("\\s+", " ").strip(), SHORT));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> activity(CodexEventKind kind, EventLog.Reader events, int index) {
        return switch (kind) {
            case COMMAND_CALL -> events.text(index, "item", "command").map(command -> "running: " + unwrapped(command));
            case COMMAND_RESULT -> events.text(index, "item", "command").map(command -> "ran: " + unwrapped(command));
            case FILE_CHANGE_RESULT ->
                Optional.of(ChangedFiles.in(events.line(index)))
                        .filter(files -> !files.isEmpty())
                        .map(files -> "edited " + String.join(", ", files));
            case MCP_CALL -> events.text(index, "item", "tool").map(tool -> "calling " + tool);
            case WEB_SEARCH_CALL, WEB_SEARCH_RESULT ->
                events.text(index, "item", "query").map(query -> "searching: " + query);
            case COLLAB_CALL -> events.text(index, "item", "tool").map(tool -> "calling " + tool);
            case AGENT_MESSAGE -> events.text(index, "item", "text");
            case REASONING -> events.text(index, "item", "text").map(text -> "thinking: " + text);
            case TODO_LIST -> Optional.of("planning");
            case ERROR -> events.text(index, "message").map(message -> "error: " + message);
            case ITEM_ERROR -> events.text(index, "item", "message").map(message -> "warning: " + message);
            case TURN_STARTED -> Optional.of("working");
            default -> Optional.empty();
        };
    }

    /** The CLI shows a command as {@code /bin/bash -lc 'COMMAND'}. */
    private static String unwrapped(String command) {
        return command.replaceFirst("^\\S*sh -l?c '?(.*?)'?$", "$1");
    }

    /** The last {@code most} messages, errors and progress of the agent, oldest first, each cut to {@code length} characters. */
    static List<String> tail(EventLog.Reader events, int most, int length) {
        List<String> tail = new ArrayList<>();
        for (int i = events.size() - 1; i >= 0 && tail.size() < most; i--) {
            CodexEventKind kind = events.kind(i);
            if (SAID.contains(kind.type())) {
                int index = i;
                said(kind, events, i)
                        .ifPresent(
                                text -> tail.add(events.kind(index).type().wire() + ": " + cut(text.strip(), length)));
            }
        }
        Collections.reverse(tail);
        return tail;
    }

    private static Optional<String> said(CodexEventKind kind, EventLog.Reader events, int index) {
        return switch (kind) {
            case AGENT_MESSAGE, REASONING -> events.text(index, "item", "text");
            case ERROR -> events.text(index, "message");
            case TURN_FAILED -> events.text(index, "error", "message");
            case ITEM_ERROR -> events.text(index, "item", "message");
            case TODO_LIST -> Optional.of(raw(events, index));
            default -> Optional.empty();
        };
    }

    private static String raw(EventLog.Reader events, int index) {
        ByteSlice line = events.line(index);
        return new String(line.array(), line.offset(), line.length(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : Json.wellFormed(text.substring(0, length)) + "…";
    }
}

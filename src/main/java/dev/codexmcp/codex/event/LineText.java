package dev.codexmcp.codex.event;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonObjectCursor;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads texts off a worker's lines: what the agent said and did, in words for people and prompts. */
public final class LineText {
    /** What the CLI prints on standard error whenever it is not run from a terminal. */
    public static final String STDIN_NOTICE = "Reading additional input from stdin...";

    private LineText() {}

    /** The text of an {@link CodexEventKind#AGENT_MESSAGE}. */
    public static Optional<String> message(ByteSlice line) {
        return at(line, "item", "text");
    }

    /** The CLI's name for a conversation, from a {@link CodexEventKind#THREAD_STARTED}. */
    public static Optional<String> threadId(ByteSlice line) {
        return at(line, "thread_id");
    }

    /** Why a turn failed, from a {@link CodexEventKind#TURN_FAILED}. */
    public static Optional<String> turnFailure(ByteSlice line) {
        return at(line, "error", "message");
    }

    /** What an {@link CodexEventKind#ERROR} reports. */
    public static Optional<String> error(ByteSlice line) {
        return at(line, "message");
    }

    /**
     * What the worker does or has just done, for the progress of a call: with its reasoning and what it has finished, which
     * {@link Activity} leaves out. Of any length.
     */
    public static Optional<String> progress(CodexEventKind kind, ByteSlice line) {
        return switch (kind) {
            case COMMAND_CALL -> at(line, "item", "command").map(command -> "running: " + unwrapped(command));
            case COMMAND_RESULT -> at(line, "item", "command").map(command -> "ran: " + unwrapped(command));
            case FILE_CHANGE_RESULT ->
                Optional.of(ChangedFiles.in(line))
                        .filter(files -> !files.isEmpty())
                        .map(files -> "edited " + String.join(", ", files));
            case MCP_CALL, COLLAB_CALL -> at(line, "item", "tool").map(tool -> "calling " + tool);
            case WEB_SEARCH_CALL, WEB_SEARCH_RESULT -> at(line, "item", "query").map(query -> "searching: " + query);
            case AGENT_MESSAGE -> message(line);
            case REASONING -> at(line, "item", "text").map(text -> "thinking: " + text);
            case TODO_LIST -> Optional.of("planning");
            case ERROR -> error(line).map(message -> "error: " + message);
            case ITEM_ERROR -> at(line, "item", "message").map(message -> "warning: " + message);
            case TURN_STARTED -> Optional.of("working");
            case THREAD_STARTED,
                    TURN_COMPLETED,
                    TURN_FAILED,
                    FILE_CHANGE_CALL,
                    MCP_RESULT,
                    COLLAB_RESULT,
                    OTHER_ITEM,
                    UNKNOWN,
                    MALFORMED,
                    QUEUED,
                    SPAWNED,
                    RETRY,
                    OUT_OF_MEMORY,
                    FINAL -> Optional.empty();
        };
    }

    /** What the agent said, thought, planned or could not do: what another worker needs to know to continue. */
    public static Optional<String> said(CodexEventKind kind, ByteSlice line) {
        return switch (kind) {
            case AGENT_MESSAGE, REASONING -> at(line, "item", "text");
            case ERROR -> error(line);
            case TURN_FAILED -> turnFailure(line);
            case ITEM_ERROR -> at(line, "item", "message");
            case TODO_LIST ->
                Optional.of(new String(line.array(), line.offset(), line.length(), StandardCharsets.UTF_8));
            case THREAD_STARTED,
                    TURN_STARTED,
                    TURN_COMPLETED,
                    COMMAND_CALL,
                    COMMAND_RESULT,
                    FILE_CHANGE_CALL,
                    FILE_CHANGE_RESULT,
                    MCP_CALL,
                    MCP_RESULT,
                    WEB_SEARCH_CALL,
                    WEB_SEARCH_RESULT,
                    COLLAB_CALL,
                    COLLAB_RESULT,
                    OTHER_ITEM,
                    UNKNOWN,
                    MALFORMED,
                    QUEUED,
                    SPAWNED,
                    RETRY,
                    OUT_OF_MEMORY,
                    FINAL -> Optional.empty();
        };
    }

    /** The CLI shows a command as {@code /bin/bash -lc 'COMMAND'}. */
    private static String unwrapped(String command) {
        return command.replaceFirst("^\\S*sh -l?c '?(.*?)'?$", "$1");
    }

    /** The string at a path of member names; empty if the member is missing or not a string. Of equal names, the last counts. */
    static Optional<String> at(ByteSlice line, String... path) {
        int start = line.offset();
        int length = line.length();
        for (String step : path) {
            byte[] name = step.getBytes(StandardCharsets.US_ASCII);
            JsonObjectCursor members = new JsonObjectCursor(line.array(), start, length);
            start = -1;
            while (members.next()) {
                if (members.nameIs(name)) {
                    start = members.valueStart();
                    length = members.valueLength();
                }
            }
            if (start < 0) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(Json.string(line.array(), start, length));
    }
}

package dev.codexmcp.control;

import dev.codexmcp.codex.event.CodexEventKind;

/** What a job does in a period, as shown in a timeline. */
enum Phase {
    /** It has not been started yet. */
    QUEUED("queued"),
    /** It would have been started, but for a hold after a limit of the provider. */
    HELD("held"),
    /** The model reads, thinks or writes. */
    THINKING("thinking"),
    COMMAND("command"),
    PATCH("patch"),
    /** A search, a tool of an MCP server, or another agent. */
    TOOL("tool"),
    /** Waits for the model's provider after an error. */
    WAITING("waiting");

    private static final Phase[] ALL = values();

    private final String wire;

    Phase(String wire) {
        this.wire = wire;
    }

    String wire() {
        return wire;
    }

    /** The phase with this {@link #ordinal()}. */
    static Phase of(int ordinal) {
        return ALL[ordinal];
    }

    /** Whether an event of this kind is an applied patch, which takes no measurable time. */
    static boolean isPatch(CodexEventKind kind) {
        return kind == CodexEventKind.FILE_CHANGE_RESULT;
    }

    /** What begins with an event of this kind. */
    static Phase after(CodexEventKind kind) {
        return switch (kind) {
            case QUEUED, RETRY -> QUEUED;
            case COMMAND_CALL -> COMMAND;
            case FILE_CHANGE_CALL -> PATCH;
            case MCP_CALL, WEB_SEARCH_CALL, COLLAB_CALL -> TOOL;
            case ERROR, TURN_FAILED -> WAITING;
            case THREAD_STARTED,
                    TURN_STARTED,
                    TURN_COMPLETED,
                    AGENT_MESSAGE,
                    REASONING,
                    COMMAND_RESULT,
                    FILE_CHANGE_RESULT,
                    MCP_RESULT,
                    WEB_SEARCH_RESULT,
                    COLLAB_RESULT,
                    TODO_LIST,
                    ITEM_ERROR,
                    OTHER_ITEM,
                    UNKNOWN,
                    MALFORMED,
                    SPAWNED,
                    OUT_OF_MEMORY,
                    FINAL -> THINKING;
        };
    }
}

package dev.codexmcp.codex.event;

/**
 * What a line of {@code codex exec --json} reports; determined once, when the line arrives. Items with two kinds are a
 * call until they are completed, then a result.
 *
 * @see <a href="https://github.com/openai/codex/blob/main/codex-rs/exec/src/exec_events.rs">exec_events.rs, the CLI's
 *     own list</a>
 */
public enum CodexEventKind {
    THREAD_STARTED(EventType.PROGRESS),
    TURN_STARTED(EventType.PROGRESS),
    TURN_COMPLETED(EventType.PROGRESS),
    TURN_FAILED(EventType.ERROR),
    /** A top-level {@code error}. Not terminal: the CLI also reports retries this way. */
    ERROR(EventType.ERROR),
    AGENT_MESSAGE(EventType.MESSAGE),
    REASONING(EventType.PROGRESS),
    COMMAND_CALL(EventType.TOOL_CALL),
    COMMAND_RESULT(EventType.TOOL_RESULT),
    FILE_CHANGE_CALL(EventType.TOOL_CALL),
    FILE_CHANGE_RESULT(EventType.TOOL_RESULT),
    MCP_CALL(EventType.TOOL_CALL),
    MCP_RESULT(EventType.TOOL_RESULT),
    WEB_SEARCH_CALL(EventType.TOOL_CALL),
    WEB_SEARCH_RESULT(EventType.TOOL_RESULT),
    COLLAB_CALL(EventType.TOOL_CALL),
    COLLAB_RESULT(EventType.TOOL_RESULT),
    TODO_LIST(EventType.PROGRESS),
    ITEM_ERROR(EventType.ERROR),
    /** An item of a type unknown to this server; shown in full. */
    OTHER_ITEM(EventType.PROGRESS),
    /** Any other JSON; shown as is, so that a newer CLI's lines stay visible. */
    UNKNOWN(EventType.PROGRESS),
    /** Not JSON. */
    MALFORMED(EventType.ERROR),
    /** The server's own first event of a job that has to wait; has no line. */
    QUEUED(EventType.PROGRESS),
    /** The server's own event for the start of a job; has no line. */
    SPAWNED(EventType.PROGRESS),
    /** The server's own event for the decision to start another worker for the job; has no line. */
    RETRY(EventType.PROGRESS),
    /** The server's own event for output that its heap cannot hold; has no line. */
    OUT_OF_MEMORY(EventType.ERROR),
    /** The server's own last event of a job; has no line. */
    FINAL(EventType.FINAL);

    private static final CodexEventKind[] ALL = values();

    private final EventType type;

    CodexEventKind(EventType type) {
        this.type = type;
    }

    public EventType type() {
        return type;
    }

    /** The kind with this {@link #ordinal()}. */
    public static CodexEventKind of(int ordinal) {
        return ALL[ordinal];
    }

    /** The kind of a line with this top-level {@code type} and, for an item, this {@code item.type}. */
    static CodexEventKind of(String type, String itemType) {
        return switch (type) {
            case "thread.started" -> THREAD_STARTED;
            case "turn.started" -> TURN_STARTED;
            case "turn.completed" -> TURN_COMPLETED;
            case "turn.failed" -> TURN_FAILED;
            case "error" -> ERROR;
            default -> type.startsWith("item.") ? ofItem(itemType, type.equals("item.completed")) : UNKNOWN;
        };
    }

    private static CodexEventKind ofItem(String itemType, boolean completed) {
        return switch (itemType) {
            case "agent_message" -> AGENT_MESSAGE;
            case "reasoning" -> REASONING;
            case "command_execution" -> completed ? COMMAND_RESULT : COMMAND_CALL;
            case "file_change" -> completed ? FILE_CHANGE_RESULT : FILE_CHANGE_CALL;
            case "mcp_tool_call" -> completed ? MCP_RESULT : MCP_CALL;
            case "web_search" -> completed ? WEB_SEARCH_RESULT : WEB_SEARCH_CALL;
            case "collab_tool_call" -> completed ? COLLAB_RESULT : COLLAB_CALL;
            case "todo_list" -> TODO_LIST;
            case "error" -> ITEM_ERROR;
            case KindDetector.NO_ITEM -> UNKNOWN;
            default -> OTHER_ITEM;
        };
    }
}

package dev.codexmcp.codex.event;

import dev.codexmcp.json.PreEncodedJson;
import java.nio.charset.StandardCharsets;

/** The fields shown of each kind of line, and their names in the event. */
final class EventFields {
    /** The largest number of fields of any kind: that of {@link #MCP} and {@link #COLLAB}. */
    static final int MOST = 8;

    static final Field[] THREAD_STARTED = {field("thread_id", "threadId")};
    static final Field[] TURN_STARTED = {field("type", "kind")};
    static final Field[] TURN_COMPLETED = {field("type", "kind"), field("usage")};
    static final Field[] TURN_FAILED = {field("type", "kind"), field("error")};

    /** In every line about an item: the line's type, then the item. */
    static final Field[] ITEM_LINE = {field("type", "kind"), field("item")};

    /** {@link #ITEM_LINE} without the item. */
    static final Field[] KIND = {ITEM_LINE[0]};

    static final byte[] ITEM = ITEM_LINE[1].name;

    static final Field[] TEXT = item(field("text"));
    static final Field[] COMMAND = item(
            field("command"),
            field("status"),
            field("exit_code", "exitCode"),
            field("aggregated_output", "aggregatedOutput"));
    static final Field[] FILE_CHANGE = item(field("changes"), field("status"));
    static final Field[] MCP =
            item(field("server"), field("tool"), field("status"), field("arguments"), field("result"), field("error"));
    static final Field[] WEB_SEARCH = item(field("query"), field("action"));
    static final Field[] COLLAB = item(
            field("tool"),
            field("sender_thread_id", "senderThreadId"),
            field("receiver_thread_ids", "receiverThreadIds"),
            field("prompt"),
            field("agents_states", "agentsStates"),
            field("status"));
    static final Field[] TODO_LIST = item(field("items"));
    static final Field[] ERROR = item(field("message"));
    static final Field[] OTHER = item();

    private EventFields() {}

    private static Field[] item(Field... own) {
        Field[] all = new Field[own.length + 2];
        all[0] = field("type", "itemType");
        all[1] = field("id", "itemId");
        System.arraycopy(own, 0, all, 2, own.length);
        return all;
    }

    private static Field field(String name) {
        return field(name, name);
    }

    private static Field field(String name, String shown) {
        return new Field(name, shown);
    }

    /** A member's name in the line, and its label in the event, as the first field and as a later one. */
    static final class Field {
        final byte[] name;
        final PreEncodedJson label;
        final PreEncodedJson nextLabel;

        private Field(String name, String shown) {
            this.name = name.getBytes(StandardCharsets.US_ASCII);
            this.label = PreEncodedJson.of("\"" + shown + "\":");
            this.nextLabel = PreEncodedJson.of(",\"" + shown + "\":");
        }
    }
}

package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventWriter;
import dev.codexmcp.json.ByteSlice;

/** An immutable view of a log at one moment. Filled by its log before it is published. */
public final class LogReader {
    private final ByteLog bytes;
    private final OwnEvents own;

    private static final long[] NONE = {};

    private long[] places = NONE;
    private long[] times = NONE;
    private int size;
    private long linesEnd;
    private long end;
    private boolean complete;

    LogReader(ByteLog bytes, OwnEvents own) {
        this.bytes = bytes;
        this.own = own;
    }

    /** @param linesEnd the end of the last whole line */
    LogReader fill(EventIndex index, long linesEnd, boolean complete) {
        places = index.places();
        times = index.times();
        size = index.size();
        end = bytes.length();
        this.linesEnd = linesEnd;
        this.complete = complete;
        return this;
    }

    /** How many events there are. */
    public int size() {
        return size;
    }

    /** Whether this includes the log's last event. */
    boolean complete() {
        return complete;
    }

    public CodexEventKind kind(int index) {
        return EventIndex.kindAt(places[index]);
    }

    /** When the event arrived, in milliseconds since 1970. */
    public long time(int index) {
        return times[index];
    }

    /** The total length of the lines of these events, in bytes. */
    long lengthOf(int from, int to) {
        return start(to) - start(from);
    }

    private long start(int index) {
        return index < size ? EventIndex.startAt(places[index]) : linesEnd;
    }

    /** The event's line, perhaps with its line feed and blank lines after it. Empty for an event of the log's own. */
    public ByteSlice line(int index) {
        long start = start(index);
        long lineEnd = start(index + 1);
        return lineEnd == start ? ByteSlice.EMPTY : bytes.slice(start, lineEnd);
    }

    /** The last {@code limit} bytes of the output. */
    byte[] tail(int limit) {
        return end == 0
                ? new byte[0]
                : bytes.slice(Math.max(0, end - limit), end).toByteArray();
    }

    /** Writes the event. */
    void write(int index, EventWriter writer, EventWording wording) {
        CodexEventKind kind = kind(index);
        switch (kind) {
            case QUEUED, SPAWNED, RETRY, FINAL -> writer.own(kind, time(index), own.content(kind, time(index)));
            case OUT_OF_MEMORY ->
                writer.own(kind, time(index), json -> {
                    json.writeStartObject();
                    json.writeStringField("message", wording.outOfMemory());
                    json.writeEndObject();
                });
            case THREAD_STARTED,
                    TURN_STARTED,
                    TURN_COMPLETED,
                    TURN_FAILED,
                    ERROR,
                    AGENT_MESSAGE,
                    REASONING,
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
                    TODO_LIST,
                    ITEM_ERROR,
                    OTHER_ITEM,
                    UNKNOWN,
                    MALFORMED -> {
                ByteSlice line = line(index);
                writer.line(kind, time(index), line.array(), line.offset(), line.length());
            }
        }
    }
}

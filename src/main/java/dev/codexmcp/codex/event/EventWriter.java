package dev.codexmcp.codex.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.codexmcp.codex.event.EventFields.Field;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonObjectCursor;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.PreEncodedJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as {@code {"type":…,"content":…,"timestamp":…}}. A line's values are copied byte for byte, so that any
 * number, escape or nesting reaches the client unchanged. One writer serves one page. Not thread-safe.
 */
public final class EventWriter {
    /** How many characters to show of a line that is not JSON. */
    private static final int EXCERPT = 1000;

    /** The index of the milliseconds in a timestamp. */
    private static final int MILLIS = 20;

    private static final PreEncodedJson[] BEGINNINGS = new PreEncodedJson[EventType.values().length];
    private static final PreEncodedJson TIMESTAMP = PreEncodedJson.of(",\"timestamp\":\"");
    private static final PreEncodedJson END = PreEncodedJson.of("\"}");
    private static final PreEncodedJson OPENING = PreEncodedJson.of("{");
    private static final PreEncodedJson CLOSING = PreEncodedJson.of("}");

    static {
        for (EventType type : EventType.values()) {
            BEGINNINGS[type.ordinal()] = PreEncodedJson.of("{\"type\":\"" + type.wire() + "\",\"content\":");
        }
    }

    private final OutputStream out;

    /** {@link #out} if the events are written into a JSON string, else null. */
    private final @Nullable JsonStringStream string;

    private final Places outer = new Places();
    private final Places inner = new Places();
    private long secondWritten = Long.MIN_VALUE;

    /** The last timestamp written: within one second only the milliseconds are updated. */
    private final byte[] time = new byte[MILLIS + 4];

    public EventWriter(OutputStream out) {
        this.out = out;
        this.string = out instanceof JsonStringStream escaping ? escaping : null;
    }

    /** Writes the event for a line of this kind, as determined by {@link LineScanner}. */
    public void line(CodexEventKind kind, long epochMillis, byte[] line, int offset, int length) {
        try {
            begin(kind.type());
            content(kind, line, offset, length);
            end(epochMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes one of the server's own events. */
    public void own(CodexEventKind kind, long epochMillis, JsonWritable content) {
        try {
            begin(kind.type());
            Json.write(out, content);
            end(epochMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(EventType type) throws IOException {
        BEGINNINGS[type.ordinal()].writeTo(out);
    }

    private void end(long epochMillis) throws IOException {
        long second = Math.floorDiv(epochMillis, 1000L);
        if (second != secondWritten) {
            byte[] text = IsoTime.format(second * 1000L).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, time, 0, time.length);
            secondWritten = second;
        }
        int millis = (int) Math.floorMod(epochMillis, 1000L);
        time[MILLIS] = (byte) ('0' + millis / 100);
        time[MILLIS + 1] = (byte) ('0' + millis / 10 % 10);
        time[MILLIS + 2] = (byte) ('0' + millis % 10);
        TIMESTAMP.writeTo(out);
        if (string != null) {
            string.writeAsIs(time);
        } else {
            out.write(time);
        }
        END.writeTo(out);
    }

    private void content(CodexEventKind kind, byte[] line, int offset, int length) throws IOException {
        switch (kind) {
            case THREAD_STARTED -> object(line, offset, length, EventFields.THREAD_STARTED);
            case TURN_STARTED -> object(line, offset, length, EventFields.TURN_STARTED);
            case TURN_COMPLETED -> object(line, offset, length, EventFields.TURN_COMPLETED);
            case TURN_FAILED -> object(line, offset, length, EventFields.TURN_FAILED);
            case ERROR, UNKNOWN -> asItIs(line, offset, length);
            case AGENT_MESSAGE, REASONING -> item(line, offset, length, EventFields.TEXT);
            case COMMAND_CALL, COMMAND_RESULT -> item(line, offset, length, EventFields.COMMAND);
            case FILE_CHANGE_CALL, FILE_CHANGE_RESULT -> item(line, offset, length, EventFields.FILE_CHANGE);
            case MCP_CALL, MCP_RESULT -> item(line, offset, length, EventFields.MCP);
            case WEB_SEARCH_CALL, WEB_SEARCH_RESULT -> item(line, offset, length, EventFields.WEB_SEARCH);
            case COLLAB_CALL, COLLAB_RESULT -> item(line, offset, length, EventFields.COLLAB);
            case TODO_LIST -> item(line, offset, length, EventFields.TODO_LIST);
            case ITEM_ERROR -> item(line, offset, length, EventFields.ERROR);
            case OTHER_ITEM -> item(line, offset, length, EventFields.OTHER);
            case MALFORMED -> malformed(line, offset, length);
            case QUEUED, SPAWNED, RETRY, OUT_OF_MEMORY, FINAL ->
                throw new IllegalArgumentException(kind + " has no line");
        }
    }

    /** Writes the given fields of the line's object under their event names; missing ones are omitted. */
    private void object(byte[] line, int offset, int length, Field[] fields) throws IOException {
        JsonObjectCursor members = new JsonObjectCursor(line, offset, length);
        inner.clear();
        while (members.next()) {
            inner.note(members, fields);
        }
        OPENING.writeTo(out);
        inner.write(line, fields, false);
        CLOSING.writeTo(out);
    }

    private void item(byte[] line, int offset, int length, Field[] fields) throws IOException {
        JsonObjectCursor members = new JsonObjectCursor(line, offset, length);
        outer.clear();
        inner.clear();
        while (members.next()) {
            if (members.nameIs(EventFields.ITEM)) {
                inner.clear();
                JsonObjectCursor item = members.inner();
                while (item.next()) {
                    inner.note(item, fields);
                }
            }
            outer.note(members, EventFields.ITEM_LINE);
        }
        OPENING.writeTo(out);
        // The fields of an unknown item type are unknown, so the whole item is copied.
        boolean some = outer.write(line, fields == EventFields.OTHER ? EventFields.ITEM_LINE : EventFields.KIND, false);
        inner.write(line, fields, some);
        CLOSING.writeTo(out);
    }

    /** The positions of an object's field values in its line. Of members with the same name, the last counts. */
    private final class Places {
        private final int[] starts = new int[EventFields.MOST];
        private final int[] ends = new int[EventFields.MOST];
        private final boolean[] simple = new boolean[EventFields.MOST];

        void clear() {
            Arrays.fill(ends, 0);
        }

        /** Records the member's position if it is one of these fields. */
        void note(JsonObjectCursor member, Field[] fields) {
            for (int i = 0; i < fields.length; i++) {
                if (member.nameIs(fields[i].name)) {
                    starts[i] = member.valueStart();
                    ends[i] = member.valueEnd();
                    simple[i] = member.valueIsSimpleString();
                    return;
                }
            }
        }

        /**
         * Writes the fields found, each under its event name.
         *
         * @param others whether fields precede these
         * @return whether any field has been written so far
         */
        boolean write(byte[] line, Field[] fields, boolean others) throws IOException {
            boolean some = others;
            for (int i = 0; i < fields.length; i++) {
                if (ends[i] > 0) {
                    (some ? fields[i].nextLabel : fields[i].label).writeTo(out);
                    some = true;
                    if (simple[i] && string != null) {
                        string.writeString(line, starts[i], ends[i] - starts[i]);
                    } else {
                        out.write(line, starts[i], ends[i] - starts[i]);
                    }
                }
            }
            return some;
        }
    }

    private void asItIs(byte[] line, int offset, int length) throws IOException {
        int start = offset;
        int end = offset + length;
        if (length >= 3 && line[start] == (byte) 0xEF) {
            start += 3; // the byte order mark
        }
        while (end > start && isBlank(line[end - 1])) {
            end--;
        }
        out.write(line, start, end - start);
    }

    private void malformed(byte[] line, int from, int size) {
        int offset = from;
        int end = from + size;
        while (offset < end && isBlank(line[offset])) {
            offset++;
        }
        while (end > offset && isBlank(line[end - 1])) {
            end--;
        }
        int length = end - offset;
        String text = new String(line, offset, Math.min(length, 4 * EXCERPT), StandardCharsets.UTF_8);
        String excerpt = text.length() > EXCERPT
                ? Json.wellFormed(text.substring(0, EXCERPT)) + "… (" + length + " bytes in all)"
                : text;
        String error = whatIsWrong(line, offset, length);
        Json.write(out, json -> {
            json.writeStartObject();
            json.writeStringField(
                    "message", "The worker printed a line that is not JSON; continuing with the next line");
            json.writeStringField("line", excerpt);
            json.writeStringField("error", error);
            json.writeEndObject();
        });
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static String whatIsWrong(byte[] line, int offset, int length) {
        // Decoded first: invalid UTF-8 is replaced, not an error.
        String text = new String(line, offset, length, StandardCharsets.UTF_8);
        try (JsonParser parser = Json.FACTORY.createParser(text)) {
            int depth = 0;
            int values = 0;
            while (parser.nextToken() != null) {
                depth += parser.currentToken().isStructStart() ? 1 : 0;
                depth -= parser.currentToken().isStructEnd() ? 1 : 0;
                values += depth == 0 ? 1 : 0;
            }
            return values > 1 ? "More than one JSON value on the line" : "Unexpected end of line";
        } catch (JsonProcessingException e) {
            String message = Json.wellFormed(String.valueOf(e.getOriginalMessage()));
            return message.length() > 300 ? message.substring(0, 300) + "…" : message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.codexmcp.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.codexmcp.event.EventFields.Field;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.Members;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes events as {@code {"type":…,"content":…,"timestamp":…}}. A line's values are copied as the bytes they came in, so
 * that whatever a worker says, any number, escape or depth, arrives as it was said. One writer serves one page and is not
 * thread-safe.
 */
public final class EventWriter {
    /** How much of a line that is no JSON is shown, in characters. */
    private static final int EXCERPT = 1000;

    private final OutputStream out;
    private long secondWritten = Long.MIN_VALUE;
    private String secondText = "";

    public EventWriter(OutputStream out) {
        this.out = out;
    }

    /** The event of a line, which {@link LineScanner} has found to be of this kind. */
    public void line(LineKind kind, long epochMillis, byte[] line, int offset, int length) {
        try {
            begin(kind.type());
            content(kind, line, offset, length);
            end(epochMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An event of the server's own making. */
    public void own(LineKind kind, long epochMillis, JsonWritable content) {
        try {
            begin(kind.type());
            Json.write(out, content);
            end(epochMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(EventType type) throws IOException {
        put("{\"type\":\"");
        put(type.wire());
        put("\",\"content\":");
    }

    private void end(long epochMillis) throws IOException {
        long second = Math.floorDiv(epochMillis, 1000L);
        if (second != secondWritten) {
            secondText = IsoTime.format(second * 1000L).substring(0, 20);
            secondWritten = second;
        }
        int millis = (int) Math.floorMod(epochMillis, 1000L);
        put(",\"timestamp\":\"");
        put(secondText);
        byte[] tail = {(byte) ('0' + millis / 100), (byte) ('0' + millis / 10 % 10), (byte) ('0' + millis % 10)};
        out.write(tail);
        put("Z\"}");
    }

    private void content(LineKind kind, byte[] line, int offset, int length) throws IOException {
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
            case SPAWNED, FINAL -> throw new IllegalArgumentException("no line is " + kind);
        }
    }

    /** The named members of the line's object under the names shown; those it lacks are left out. */
    private void object(byte[] line, int offset, int length, Field[] fields) throws IOException {
        out.write('{');
        put(line, fields, places(new Members(line, offset, length), fields), fields.length, false);
        out.write('}');
    }

    private void item(byte[] line, int offset, int length, Field[] fields) throws IOException {
        int[] outer = places(new Members(line, offset, length), EventFields.ITEM_LINE);
        Members item = new Members(line, outer[2], outer[3] - outer[2]);
        out.write('{');
        // An item of an unknown type has no fields that we could name: it goes along whole.
        int shown = fields == EventFields.OTHER ? 2 : 1;
        put(line, EventFields.ITEM_LINE, outer, shown, false);
        put(line, fields, places(item, fields), fields.length, true);
        out.write('}');
    }

    /** Where each field's value begins and ends, -1 where it is missing. Of two members of one name the last counts. */
    private static int[] places(Members members, Field[] fields) {
        int[] places = new int[fields.length * 2];
        Arrays.fill(places, -1);
        while (members.next()) {
            for (int i = 0; i < fields.length; i++) {
                if (members.nameIs(fields[i].name)) {
                    places[2 * i] = members.valueStart();
                    places[2 * i + 1] = members.valueEnd();
                    break;
                }
            }
        }
        return places;
    }

    private void put(byte[] line, Field[] fields, int[] places, int count, boolean afterOthers) throws IOException {
        boolean comma = afterOthers;
        for (int i = 0; i < count; i++) {
            if (places[2 * i] < 0) {
                continue;
            }
            if (comma) {
                out.write(',');
            }
            comma = true;
            out.write(fields[i].label);
            out.write(line, places[2 * i], places[2 * i + 1] - places[2 * i]);
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
            json.writeStringField("message", "The worker printed a line that is not JSON; reading goes on");
            json.writeStringField("line", excerpt);
            json.writeStringField("error", error);
            json.writeEndObject();
        });
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static String whatIsWrong(byte[] line, int offset, int length) {
        // Decoded first: bytes that are not UTF-8 are mended, not an error.
        String text = new String(line, offset, length, StandardCharsets.UTF_8);
        try (JsonParser parser = Json.FACTORY.createParser(text)) {
            int depth = 0;
            int values = 0;
            while (parser.nextToken() != null) {
                depth += parser.currentToken().isStructStart() ? 1 : 0;
                depth -= parser.currentToken().isStructEnd() ? 1 : 0;
                values += depth == 0 ? 1 : 0;
            }
            return values > 1 ? "More than one JSON value on the line" : "The line ends too early";
        } catch (JsonProcessingException e) {
            String message = Json.wellFormed(String.valueOf(e.getOriginalMessage()));
            return message.length() > 300 ? message.substring(0, 300) + "…" : message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}

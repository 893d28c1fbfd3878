package dev.codexmcp.mcp.jsonrpc;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import java.util.ArrayList;
import java.util.List;

/** Encodes responses as lines. */
public final class ResponseEncoder {
    /** Lines up to this length are joined: writing one piece is faster than writing several. */
    private static final int SHORT = 16 * 1024;

    private static final byte[] END = {'}', '\n'};

    private ResponseEncoder() {}

    /** A request's result as one JSON value, in pieces. */
    public record Result(List<ByteSlice> json) {
        public static final Result EMPTY = new Result(ByteSlice.of(new byte[] {'{', '}'}));

        public Result {
            json = List.copyOf(json);
        }

        public Result(ByteSlice... json) {
            this(List.of(json));
        }

        public static Result of(JsonWritable value) {
            return new Result(ByteSlice.of(Json.bytes(value)));
        }
    }

    /** The line that answers the request with this id. */
    public static OutgoingLine line(String id, Result result) {
        OutgoingLine value = new OutgoingLine(result.json());
        int length = value.length();
        Utf8Buffer head = head(id, length <= SHORT ? length + 64 : 64).append("\"result\":");
        if (length <= SHORT) {
            result.json().forEach(piece -> head.write(piece.array(), piece.offset(), piece.length()));
            return new OutgoingLine(List.of(head.append(END).toSlice()));
        }
        List<ByteSlice> pieces = new ArrayList<>();
        pieces.add(head.toSlice());
        pieces.addAll(result.json());
        pieces.add(ByteSlice.of(END));
        return new OutgoingLine(pieces);
    }

    /** The error response to the request with this id. */
    public static OutgoingLine error(String id, int code, String message) {
        Utf8Buffer line = head(id, 256);
        line.append("\"error\":");
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeNumberField("code", code);
            json.writeStringField("message", Json.wellFormed(message));
            json.writeEndObject();
        });
        return new OutgoingLine(List.of(line.append(END).toSlice()));
    }

    private static Utf8Buffer head(String id, int capacity) {
        return new Utf8Buffer(capacity)
                .append("{\"jsonrpc\":\"2.0\",\"id\":")
                .append(id)
                .append(",");
    }
}

package dev.codexmcp.mcp.jsonrpc;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Encodes responses as lines. */
public final class ResponseEncoder {
    /** Lines up to this length are joined: writing one piece is faster than writing several. */
    private static final int SHORT = 16 * 1024;

    private static final byte[] END = {'}', '\n'};

    private ResponseEncoder() {}

    /**
     * A request's result.
     *
     * @param json one JSON object without {@code _meta}, in pieces
     * @param meta the object {@code _meta}; empty: none
     */
    public record Result(List<ByteSlice> json, Optional<ByteSlice> meta) {
        public static final Result EMPTY = new Result(ByteSlice.of(new byte[] {'{', '}'}));

        public Result {
            json = List.copyOf(json);
        }

        public Result(ByteSlice... json) {
            this(List.of(json), Optional.empty());
        }

        public static Result of(JsonWritable value) {
            return new Result(ByteSlice.of(Json.bytes(value)));
        }
    }

    /** The line that answers the request with this id. */
    public static OutgoingLine line(String id, Result result) {
        Optional<ByteSlice> meta = result.meta();
        return meta.isEmpty()
                ? line(id, result.json())
                : line(id, new Utf8Buffer(64).append("\"_meta\":").append(meta.get()), result.json());
    }

    /**
     * The line that answers the request with this id with more than its result.
     *
     * @param members come before those of the result
     * @param result a JSON object in pieces
     */
    public static OutgoingLine line(String id, Utf8Buffer members, List<ByteSlice> result) {
        ByteSlice first = result.get(0);
        boolean empty = result.size() == 1 && first.length() == 2;
        List<ByteSlice> pieces = new ArrayList<>(result);
        pieces.set(0, afterBrace(first));
        pieces.add(0, members.append(empty ? "" : ",").toSlice());
        pieces.add(0, ByteSlice.of(new byte[] {'{'}));
        return line(id, pieces);
    }

    /** The members of an object and its closing brace. */
    public static ByteSlice afterBrace(ByteSlice object) {
        return new ByteSlice(object.array(), object.offset() + 1, object.length() - 1);
    }

    private static OutgoingLine line(String id, List<ByteSlice> result) {
        OutgoingLine value = new OutgoingLine(result);
        int length = value.length();
        Utf8Buffer head = head(id, length <= SHORT ? length + 64 : 64).append("\"result\":");
        if (length <= SHORT) {
            result.forEach(piece -> head.write(piece.array(), piece.offset(), piece.length()));
            return new OutgoingLine(List.of(head.append(END).toSlice()));
        }
        List<ByteSlice> pieces = new ArrayList<>();
        pieces.add(head.toSlice());
        pieces.addAll(result);
        pieces.add(ByteSlice.of(END));
        return new OutgoingLine(pieces);
    }

    /** The error response to the request with this id. */
    public static OutgoingLine error(String id, int code, String message) {
        return error(id, code, message, Optional.empty());
    }

    /**
     * The error response to the request with this id.
     *
     * @param data what the error has to say besides
     */
    public static OutgoingLine error(String id, int code, String message, Optional<JsonWritable> data) {
        Utf8Buffer line = head(id, 256);
        line.append("\"error\":");
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeNumberField("code", code);
            json.writeStringField("message", Json.wellFormed(message));
            if (data.isPresent()) {
                json.writeFieldName("data");
                data.get().writeTo(json);
            }
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

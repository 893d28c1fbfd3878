package dev.codexmcp.server;

import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.Piece;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.tool.ToolAnswer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns answers into lines. */
final class Answers {
    /** Up to this length a line is put together: one piece is written sooner than several. */
    private static final int SHORT = 16 * 1024;

    private static final Piece TEXT_OPENS = ascii("{\"content\":[{\"type\":\"text\",\"text\":\"");
    private static final Piece TEXT_CLOSES = ascii("\"}]}");
    private static final byte[] END = {'}', '\n'};

    private Answers() {}

    /** A request's result, as it goes into the answer: one JSON value, in pieces. */
    record Result(List<Piece> json) {
        static final Result EMPTY = new Result(Piece.of(new byte[] {'{', '}'}));

        Result(Piece... json) {
            this(List.of(json));
        }

        static Result of(JsonWritable value) {
            return new Result(Piece.of(Json.bytes(value)));
        }
    }

    /** The line that answers the request of this id. */
    static Message line(String id, Result result) {
        Message value = new Message(result.json());
        int length = value.length();
        Utf8Buffer head = head(id, length <= SHORT ? length + 64 : 64).append("\"result\":");
        if (length <= SHORT) {
            result.json().forEach(piece -> head.write(piece.bytes(), 0, piece.length()));
            return new Message(List.of(head.append(END).toPiece()));
        }
        List<Piece> pieces = new ArrayList<>();
        pieces.add(head.toPiece());
        pieces.addAll(result.json());
        pieces.add(Piece.of(END));
        return new Message(pieces);
    }

    /** The line that refuses the request of this id. */
    static Message error(String id, int code, String message) {
        Utf8Buffer line = head(id, 256);
        line.append("\"error\":");
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeNumberField("code", code);
            json.writeStringField("message", Json.wellFormed(message));
            json.writeEndObject();
        });
        return new Message(List.of(line.append(END).toPiece()));
    }

    private static Utf8Buffer head(String id, int capacity) {
        return new Utf8Buffer(capacity)
                .append("{\"jsonrpc\":\"2.0\",\"id\":")
                .append(id)
                .append(",");
    }

    /** The result of a tool call. */
    static Result of(ToolAnswer answer) {
        if (answer instanceof ToolAnswer.Text text) {
            byte[] meta = text.meta().map(Json::bytes).orElse(null);
            return result(utf8(text.text()), meta, null, false);
        }
        if (answer instanceof ToolAnswer.Failure failure) {
            return result(utf8(failure.text()), null, null, true);
        }
        if (answer instanceof ToolAnswer.Json object) {
            byte[] json = Json.bytes(object.object());
            return result(json, null, json, false);
        }
        if (answer instanceof ToolAnswer.TextAndJson both) {
            return result(utf8(both.text()), null, Json.bytes(both.object()), false);
        }
        if (answer instanceof ToolAnswer.Events events) {
            return new Result(TEXT_OPENS, events.page().json().toPiece(), TEXT_CLOSES);
        }
        throw new IllegalStateException("an answer of an unknown kind: " + answer);
    }

    private static Result result(byte[] text, byte @Nullable [] meta, byte @Nullable [] structured, boolean isError) {
        Utf8Buffer result = new Utf8Buffer(text.length + 64).append(TEXT_OPENS.bytes());
        new JsonStringStream(result).write(text, 0, text.length);
        result.append("\"");
        if (meta != null) {
            result.append(",\"_meta\":").append(meta);
        }
        result.append("}]");
        if (structured != null) {
            result.append(",\"structuredContent\":").append(structured);
        }
        if (meta != null) {
            result.append(",\"_meta\":").append(meta);
        }
        return new Result(result.append(isError ? ",\"isError\":true}" : "}").toPiece());
    }

    private static Piece ascii(String text) {
        return Piece.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] utf8(String text) {
        return Json.wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }
}

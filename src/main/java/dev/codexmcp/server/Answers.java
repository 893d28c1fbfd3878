package dev.codexmcp.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.EventPage;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.tool.ToolAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Turns answers into lines. */
final class Answers {
    private Answers() {}

    /** A request's result, as it goes into the answer: the bytes of one JSON value. */
    record Result(byte[] json) {
        static final Result EMPTY = new Result(new byte[] {'{', '}'});

        static Result of(JsonWritable value) {
            return new Result(Json.bytes(value));
        }
    }

    /** The line that answers the request of this id. */
    static byte[] line(String id, Result result) {
        byte[] json = result.json();
        Utf8Buffer line = head(id, json.length + 64);
        return line.append("\"result\":").append(json).append("}\n").toByteArray();
    }

    /** The line that refuses the request of this id. */
    static byte[] error(String id, int code, String message) {
        Utf8Buffer line = head(id, 256);
        line.append("\"error\":");
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeNumberField("code", code);
            json.writeStringField("message", Json.wellFormed(message));
            json.writeEndObject();
        });
        return line.append("}\n").toByteArray();
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
            return content(text.text(), false);
        }
        if (answer instanceof ToolAnswer.Failure failure) {
            return content(failure.text(), true);
        }
        if (answer instanceof ToolAnswer.Json object) {
            Utf8Buffer result = opened(256);
            Json.write(new JsonStringStream(result), object.object());
            return closed(result, false);
        }
        if (answer instanceof ToolAnswer.Events events) {
            EventPage page = events.page();
            Utf8Buffer result = opened(page.escaped().length() + 64);
            try {
                page.escaped().writeTo(result);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return closed(result, false);
        }
        throw new IllegalStateException("an answer of an unknown kind: " + answer);
    }

    private static Result content(String text, boolean isError) {
        byte[] bytes = Json.wellFormed(text).getBytes(StandardCharsets.UTF_8);
        Utf8Buffer result = opened(bytes.length + 64);
        new JsonStringStream(result).write(bytes, 0, bytes.length);
        return closed(result, isError);
    }

    private static Utf8Buffer opened(int capacity) {
        return new Utf8Buffer(capacity).append("{\"content\":[{\"type\":\"text\",\"text\":\"");
    }

    private static Result closed(Utf8Buffer result, boolean isError) {
        return new Result(
                result.append(isError ? "\"}],\"isError\":true}" : "\"}]}").toByteArray());
    }

    /** For results that are written by hand. */
    static void writeEmptyObject(JsonGenerator json, String name) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeEndObject();
    }
}

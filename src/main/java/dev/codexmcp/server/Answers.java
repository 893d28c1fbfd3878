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
import org.jspecify.annotations.Nullable;

/** Turns answers into lines. */
final class Answers {
    private static final String TEXT_OPENS = "{\"content\":[{\"type\":\"text\",\"text\":\"";

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
            EventPage page = events.page();
            Utf8Buffer result = new Utf8Buffer(page.json().length() + 64).append(TEXT_OPENS);
            try {
                page.json().writeTo(result);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Result(result.append("\"}]}").toByteArray());
        }
        throw new IllegalStateException("an answer of an unknown kind: " + answer);
    }

    private static Result result(byte[] text, byte @Nullable [] meta, byte @Nullable [] structured, boolean isError) {
        Utf8Buffer result = new Utf8Buffer(text.length + 64).append(TEXT_OPENS);
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
        return new Result(result.append(isError ? ",\"isError\":true}" : "}").toByteArray());
    }

    private static byte[] utf8(String text) {
        return Json.wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    /** For results that are written by hand. */
    static void writeEmptyObject(JsonGenerator json, String name) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeEndObject();
    }
}

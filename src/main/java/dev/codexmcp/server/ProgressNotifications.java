package dev.codexmcp.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.tool.Progress;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells the client how a call gets on, where its request came with a token for that; never after the answer. */
final class ProgressNotifications implements Progress {
    private final AnswerWriter writer;
    private final PendingRequests pending;
    private final long request;
    private final String token;
    private final AtomicInteger count = new AtomicInteger();

    private ProgressNotifications(AnswerWriter writer, PendingRequests pending, long request, String token) {
        this.writer = writer;
        this.pending = pending;
        this.request = request;
        this.token = token;
    }

    /** What the handler of this request reports to. */
    static Progress of(Call call, AnswerWriter writer, PendingRequests pending) {
        JsonNode token = call.params().path("_meta").path("progressToken");
        return token.isTextual() || token.isNumber()
                ? new ProgressNotifications(writer, pending, call.number(), token.toString())
                : Progress.UNWANTED;
    }

    @Override
    public void report(String message) {
        pending.ifPending(request, () -> writer.send(notification(message)));
    }

    private byte[] notification(String message) {
        Utf8Buffer line = new Utf8Buffer(256);
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("method", "notifications/progress");
            json.writeObjectFieldStart("params");
            json.writeFieldName("progressToken");
            json.writeRawValue(Json.wellFormed(token));
            json.writeNumberField("progress", count.incrementAndGet());
            json.writeStringField("message", Json.wellFormed(message));
            json.writeEndObject();
            json.writeEndObject();
        });
        return line.append("\n").toByteArray();
    }
}

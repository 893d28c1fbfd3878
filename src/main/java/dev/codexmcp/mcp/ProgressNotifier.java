package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.jsonrpc.PendingRequests;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.tool.ProgressListener;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends a call's progress to the client if the request had a progress token; never after the answer. */
final class ProgressNotifier implements ProgressListener {
    private final LineWriter writer;
    private final PendingRequests pending;
    private final long request;
    private final String token;
    private final AtomicInteger count = new AtomicInteger();

    private ProgressNotifier(LineWriter writer, PendingRequests pending, long request, String token) {
        this.writer = writer;
        this.pending = pending;
        this.request = request;
        this.token = token;
    }

    /** The listener for the handler of this request. */
    static ProgressListener of(RoutedRequest call, LineWriter writer, PendingRequests pending) {
        JsonNode token = call.params().path("_meta").path("progressToken");
        return token.isTextual() || token.isNumber()
                ? new ProgressNotifier(writer, pending, call.number(), token.toString())
                : ProgressListener.UNWANTED;
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

package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends one reply of the model as server-sent events:
 *
 * <pre>
 * nothing sent ──item──► open ──complete, fail──► ended
 *      └───────refuse, hangUp, complete, fail───────┘
 * </pre>
 *
 * Used by one thread at a time.
 */
final class ReplyStream {

    private final HttpExchange exchange;
    private final String id = "resp_" + UUID.randomUUID();
    private final ArrayNode output = TestJson.array();
    private @Nullable OutputStream body;

    ReplyStream(HttpExchange exchange) {
        this.exchange = exchange;
    }

    void item(ObjectNode item) throws IOException {
        int index = output.size();
        output.add(item);
        event("response.output_item.added", itemEvent(index, item));
        event("response.output_item.done", itemEvent(index, item));
    }

    /** Sends the client what has been written so far. */
    void flush() throws IOException {
        if (body != null) {
            body.flush();
        }
    }

    /** Completes the reply. The token counts are always the same. */
    void complete() throws IOException {
        ObjectNode response = response("completed");
        response.set("output", output);
        ObjectNode usage = response.putObject("usage")
                .put("input_tokens", 100)
                .put("output_tokens", 20)
                .put("total_tokens", 120);
        usage.putObject("input_tokens_details").put("cached_tokens", 10);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 5);
        event("response.completed", TestJson.object().set("response", response));
        end();
    }

    /** Ends the reply with the provider's report of a failure; the CLI does not retry after {@code invalid_prompt}. */
    void fail(String code, String message) throws IOException {
        ObjectNode response = response("failed");
        response.putObject("error").put("code", code).put("message", message);
        event("response.failed", TestJson.object().set("response", response));
        end();
    }

    /** Answers with an HTTP error instead of a reply. */
    void refuse(int status, String message) throws IOException {
        ObjectNode error = TestJson.object();
        error.putObject("error").put("message", message).put("type", "scripted");
        answer(status, TestJson.object(), error);
    }

    /** The same with these headers and this body. */
    void answer(int status, JsonNode headers, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        headers.properties()
                .forEach(header -> exchange.getResponseHeaders()
                        .set(header.getKey(), header.getValue().asText()));
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Breaks off the connection. */
    void hangUp() {
        exchange.close();
    }

    private void end() throws IOException {
        if (body != null) {
            body.close();
        }
        exchange.close();
    }

    private ObjectNode response(String status) {
        return TestJson.object().put("id", id).put("object", "response").put("status", status);
    }

    private static ObjectNode itemEvent(int index, ObjectNode item) {
        ObjectNode event = TestJson.object().put("output_index", index);
        event.set("item", item);
        return event;
    }

    private void event(String type, ObjectNode fields) throws IOException {
        if (body == null) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            body = new BufferedOutputStream(exchange.getResponseBody(), 1 << 14);
            ObjectNode response = response("in_progress");
            response.putArray("output");
            write(body, "response.created", TestJson.object().set("response", response));
        }
        write(body, type, fields);
    }

    private static void write(OutputStream out, String type, ObjectNode fields) throws IOException {
        ObjectNode data = TestJson.object().put("type", type);
        data.setAll(fields);
        out.write(("event: " + type + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }
}

package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends a model's reply to a host: one JSON object, or several as server-sent events. */
final class HostAnswer {

    private final HttpExchange exchange;
    private final StringBuilder events = new StringBuilder();

    HostAnswer(HttpExchange exchange) {
        this.exchange = exchange;
    }

    void event(String name, ObjectNode data) {
        events.append("event: ").append(name).append('\n');
        event(data);
    }

    void event(ObjectNode data) {
        events.append("data: ").append(data).append("\n\n");
    }

    /** Sends the events so far, and ends. */
    void endOfEvents(String lastLine) throws IOException {
        send("text/event-stream", events + lastLine);
    }

    /** Sends one object instead of events. */
    void object(ObjectNode object) throws IOException {
        send("application/json", object.toString());
    }

    private void send(String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

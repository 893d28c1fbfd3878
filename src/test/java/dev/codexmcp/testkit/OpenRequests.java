package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A client's requests that the server has not answered yet. */
final class OpenRequests {

    /** What a message of the server is to the client. */
    enum Match {
        /** The first response to one of its requests. */
        ANSWER,
        /** Another response to a request that has been answered. */
        SECOND_ANSWER,
        /** Anything else: a notification, or a response to something that was sent as raw text. */
        OTHER
    }

    /** A request: the number in its id, and its line without the line break. */
    record Request(int number, String line) {}

    private final String prefix;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<JsonNode, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();

    /** @param prefix what ids start with; without one, they are numbers */
    OpenRequests(String prefix) {
        this.prefix = prefix;
    }

    /** The number in the id of the last request. */
    int lastId() {
        return lastId.get();
    }

    /** Adds a request that is about to be sent. The future completes with the whole response. */
    Request add(String method, JsonNode params, CompletableFuture<JsonNode> response) {
        int number = lastId.incrementAndGet();
        ObjectNode message = TestJson.object().put("jsonrpc", "2.0");
        if (prefix.isEmpty()) {
            message.put("id", number);
        } else {
            message.put("id", prefix + number);
        }
        message.put("method", method);
        message.set("params", params);
        open.put(message.get("id"), response);
        return new Request(number, message.toString());
    }

    /** Completes the request that a message answers, if it does. */
    Match receive(JsonNode message) {
        JsonNode id = message.path("id");
        if (message.has("method") || !isOwn(id)) {
            return Match.OTHER;
        }
        CompletableFuture<JsonNode> response = open.remove(id);
        return response != null && response.complete(message) ? Match.ANSWER : Match.SECOND_ANSWER;
    }

    private boolean isOwn(JsonNode id) {
        return prefix.isEmpty()
                ? id.isInt() && id.intValue() > 0 && id.intValue() <= lastId.get()
                : id.isTextual() && id.textValue().startsWith(prefix);
    }
}

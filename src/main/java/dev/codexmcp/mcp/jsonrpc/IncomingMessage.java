package dev.codexmcp.mcp.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/** What a line from the client holds. */
public sealed interface IncomingMessage {
    /**
     * A request, which expects a response.
     *
     * @param id a string or a number
     * @param rawId the id as written in the line, to be returned unchanged
     */
    record Request(JsonNode id, String rawId, String method, JsonNode params) implements IncomingMessage {
        public Request {
            if (!id.isTextual() && !id.isNumber()) {
                throw new IllegalArgumentException("invalid id type: " + id.getNodeType());
            }
            Objects.requireNonNull(rawId);
            Objects.requireNonNull(method);
            Objects.requireNonNull(params);
        }
    }

    /** A notification, which gets no response. */
    record Notification(String method, JsonNode params) implements IncomingMessage {
        public Notification {
            Objects.requireNonNull(method);
            Objects.requireNonNull(params);
        }
    }

    /**
     * A response to a request of ours.
     *
     * @param id of the request
     * @param result missing if the response is an error
     */
    record Response(JsonNode id, JsonNode result) implements IncomingMessage {
        public Response {
            Objects.requireNonNull(id);
            Objects.requireNonNull(result);
        }
    }

    /**
     * A line that is not a JSON-RPC message.
     *
     * @param rawId the request's id as written in the line, {@code null} if there is none or it is unreadable
     * @param code the JSON-RPC error code
     */
    record InvalidMessage(String rawId, int code, String message) implements IncomingMessage {
        public InvalidMessage {
            Objects.requireNonNull(rawId);
            Objects.requireNonNull(message);
        }
    }
}

package dev.codexmcp.mcp.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/** What a line from the client is. */
public sealed interface IncomingMessage {
    /**
     * Wants an answer.
     *
     * @param id a string or a number
     * @param rawId the id as it stands in the line, to be given back the same
     */
    record Request(JsonNode id, String rawId, String method, JsonNode params) implements IncomingMessage {
        public Request {
            if (!id.isTextual() && !id.isNumber()) {
                throw new IllegalArgumentException("an id of the type " + id.getNodeType());
            }
            Objects.requireNonNull(rawId);
            Objects.requireNonNull(method);
            Objects.requireNonNull(params);
        }
    }

    /** Wants none. */
    record Notification(String method, JsonNode params) implements IncomingMessage {
        public Notification {
            Objects.requireNonNull(method);
            Objects.requireNonNull(params);
        }
    }

    /** An answer to a request of ours. We make none, so it is passed over. */
    record Response() implements IncomingMessage {}

    /**
     * Is no JSON-RPC message.
     *
     * @param rawId the request's id as it stands in the line, {@code null} if none can be made out
     * @param code of JSON-RPC
     */
    record InvalidMessage(String rawId, int code, String message) implements IncomingMessage {
        public InvalidMessage {
            Objects.requireNonNull(rawId);
            Objects.requireNonNull(message);
        }
    }
}

package dev.codexmcp.mcp.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;

/** What a line from the client is. */
public sealed interface IncomingMessage {
    /**
     * Wants an answer.
     *
     * @param rawId the id as it stands in the line, to be given back the same
     */
    record Request(JsonNode id, String rawId, String method, JsonNode params) implements IncomingMessage {}

    /** Wants none. */
    record Notification(String method, JsonNode params) implements IncomingMessage {}

    /** An answer to a request of ours. We make none, so it is passed over. */
    record Response() implements IncomingMessage {}

    /**
     * Is no JSON-RPC message.
     *
     * @param id the request's id where one can be made out, else {@code null}
     * @param code of JSON-RPC
     */
    record InvalidMessage(String id, int code, String message) implements IncomingMessage {}
}

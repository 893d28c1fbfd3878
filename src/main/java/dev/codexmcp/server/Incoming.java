package dev.codexmcp.server;

import com.fasterxml.jackson.databind.JsonNode;

/** What a line from the client is. */
sealed interface Incoming {
    /**
     * Wants an answer.
     *
     * @param rawId the id as it stands in the line, to be given back the same
     */
    record Request(JsonNode id, String rawId, String method, JsonNode params) implements Incoming {}

    /** Wants none. */
    record Notification(String method, JsonNode params) implements Incoming {}

    /** An answer to a request of ours. We make none, so it is passed over. */
    record Answer() implements Incoming {}

    /**
     * Is no JSON-RPC message.
     *
     * @param id the request's id where one can be made out, else {@code null}
     * @param code of JSON-RPC
     */
    record Wrong(String id, int code, String message) implements Incoming {}
}

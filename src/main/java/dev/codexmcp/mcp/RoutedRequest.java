package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * A request on its way through the SDK's session to its handler, passed as the request's parameters.
 *
 * @param number the request's number in {@code PendingRequests}
 * @param rawId the client's id for it, as written
 * @param client who asks
 */
record RoutedRequest(long number, String rawId, String method, JsonNode params, ClientInfo client) {
    RoutedRequest {
        Objects.requireNonNull(rawId);
        Objects.requireNonNull(method);
        Objects.requireNonNull(client);
        Objects.requireNonNull(params);
    }
}

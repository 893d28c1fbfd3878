package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A request on its way through the SDK's session to its handler, which gets this as the request's parameters.
 *
 * @param number of {@link PendingRequests}
 */
record RoutedRequest(long number, JsonNode params) {}

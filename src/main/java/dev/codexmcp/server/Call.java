package dev.codexmcp.server;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A request on its way through the SDK's session to its handler, which gets this as the request's parameters.
 *
 * @param number of {@link PendingRequests}
 */
record Call(long number, JsonNode params) {}

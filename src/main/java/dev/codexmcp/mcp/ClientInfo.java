package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * What a client says of itself.
 *
 * @param name empty if it gives none
 */
record ClientInfo(String name) {
    /** A client that has not introduced itself. */
    static final ClientInfo UNKNOWN = new ClientInfo("");

    ClientInfo {
        Objects.requireNonNull(name);
    }

    /** @param info MCP's {@code Implementation}, or anything else */
    static ClientInfo of(JsonNode info) {
        return new ClientInfo(info.path("name").asText(""));
    }
}

package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * What a client says of itself.
 *
 * @param name empty if it gives none
 * @param stateless whether it speaks {@link StatelessProtocol}
 */
record ClientInfo(String name, boolean stateless) {
    /** A client that has not introduced itself. */
    static final ClientInfo UNKNOWN = new ClientInfo("", false);

    ClientInfo {
        Objects.requireNonNull(name);
    }

    /** @param info MCP's {@code Implementation}, or anything else */
    static ClientInfo withHandshake(JsonNode info) {
        return new ClientInfo(info.path("name").asText(""), false);
    }

    /** @param info MCP's {@code Implementation}, or anything else */
    static ClientInfo withoutHandshake(JsonNode info) {
        return new ClientInfo(info.path("name").asText(""), true);
    }
}

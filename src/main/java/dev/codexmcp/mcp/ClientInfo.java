package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * What a client says about itself.
 *
 * @param name empty if it gives none
 * @param hasRoots whether it can be asked for its roots
 * @param stateless whether it speaks {@link StatelessProtocol}
 */
record ClientInfo(String name, boolean hasRoots, boolean stateless) {
    /** A client that has not introduced itself. */
    static final ClientInfo UNKNOWN = new ClientInfo("", false, false);

    ClientInfo {
        Objects.requireNonNull(name);
    }

    /** @param params of {@code initialize} */
    static ClientInfo withHandshake(JsonNode params) {
        return new ClientInfo(
                params.path("clientInfo").path("name").asText(""),
                params.path("capabilities").path("roots").isObject(),
                false);
    }

    /** @param info MCP's {@code Implementation}, or anything else */
    static ClientInfo withoutHandshake(JsonNode info) {
        return new ClientInfo(info.path("name").asText(""), false, true); // and a server asks nothing
    }
}

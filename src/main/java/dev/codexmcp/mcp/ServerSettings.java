package dev.codexmcp.mcp;

import dev.codexmcp.tool.HostTable;
import java.util.Objects;

/**
 * What the protocol side of the server has to know.
 *
 * @param version the server's
 * @param hosts what is known of the clients' hosts
 * @param stateless whether to speak MCP 2026-07-28 besides the versions that begin with a handshake
 */
public record ServerSettings(String version, HostTable hosts, boolean stateless) {
    public ServerSettings {
        Objects.requireNonNull(version);
        Objects.requireNonNull(hosts);
    }
}

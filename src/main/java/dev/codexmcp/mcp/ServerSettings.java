package dev.codexmcp.mcp;

import dev.codexmcp.tool.HostTable;
import java.util.Objects;

/**
 * The settings of the protocol.
 *
 * @param version the server's
 * @param hosts what is known about the clients' hosts
 * @param stateless whether to speak MCP 2026-07-28 besides the versions that begin with a handshake
 */
public record ServerSettings(String version, HostTable hosts, boolean stateless) {
    public ServerSettings {
        Objects.requireNonNull(version);
        Objects.requireNonNull(hosts);
    }
}

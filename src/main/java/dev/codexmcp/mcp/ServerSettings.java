package dev.codexmcp.mcp;

import dev.codexmcp.tool.HostTable;
import java.util.Objects;

/**
 * What the protocol side of the server has to know.
 *
 * @param version the server's
 * @param hosts what is known of the clients' hosts
 */
public record ServerSettings(String version, HostTable hosts) {
    public ServerSettings {
        Objects.requireNonNull(version);
        Objects.requireNonNull(hosts);
    }
}

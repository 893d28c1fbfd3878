package dev.codexmcp.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.control.Greeting;

/**
 * A server, as it introduces itself.
 *
 * @param directory its working directory
 */
public record ServerInfo(long pid, String version, String directory) {
    /** @throws ServerProblem if it speaks another protocol */
    static ServerInfo of(JsonNode greeting) throws ServerProblem {
        JsonNode server = greeting.path("server");
        int protocol = greeting.path("protocol").asInt();
        if (protocol != Greeting.PROTOCOL) {
            throw new ServerProblem("server " + server.path("pid").asLong() + " (version "
                    + server.path("version").asText("unknown") + ") speaks protocol " + protocol + ", and this program "
                    + Greeting.PROTOCOL + ": use the program of the same version");
        }
        return new ServerInfo(
                server.path("pid").asLong(),
                server.path("version").asText(),
                server.path("directory").asText());
    }
}

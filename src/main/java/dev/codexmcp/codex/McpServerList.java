package dev.codexmcp.codex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The MCP servers that the CLI's configuration names. The CLI can only turn them off by name, and refuses a name that it
 * does not know, so a worker without them needs the list first.
 */
public final class McpServerList {
    private static final JsonMapper MAPPER = new JsonMapper();

    private McpServerList() {}

    /**
     * The arguments that print the list as JSON. It depends on the directory in which the CLI runs, as a project may name
     * servers too.
     */
    public static List<String> arguments(ExtraOptions options) {
        List<String> arguments = new ArrayList<>();
        options.profile().ifPresent(profile -> arguments.add("--profile=" + profile));
        arguments.addAll(List.of("mcp", "list", "--json"));
        return arguments;
    }

    /**
     * The options that turn off every server in the list.
     *
     * @param printed what the CLI printed
     * @return empty if that is not a list of servers
     */
    public static Optional<List<String>> turnOff(String printed) {
        JsonNode servers;
        try {
            servers = MAPPER.readTree(printed);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        if (!servers.isArray()) {
            return Optional.empty();
        }
        List<String> entries = new ArrayList<>();
        for (JsonNode server : servers) {
            if (!server.path("name").isTextual()) {
                return Optional.empty();
            }
            if (server.path("enabled").asBoolean(true)) {
                entries.add(CodexCommand.tomlString(server.path("name").textValue()) + "={enabled=false}");
            }
        }
        // One table: a dotted key could not name a server whose name has a dot.
        return Optional.of(
                entries.isEmpty() ? List.of() : List.of("-c", "mcp_servers={" + String.join(",", entries) + "}"));
    }
}

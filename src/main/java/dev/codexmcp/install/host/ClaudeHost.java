package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Claude Code. Its user file also contains its state and may be written at any time, so its own command is preferred to
 * an edit. A project's file is edited, since the command would reformat it.
 */
public final class ClaudeHost implements EditedHost {

    @Override
    public String word() {
        return "claude";
    }

    @Override
    public String title() {
        return "Claude Code";
    }

    @Override
    public boolean isFound(Environment environment) {
        return environment.program("claude").isPresent()
                || Files.exists(userFile(environment))
                || Files.exists(environment.home().resolve(".claude"));
    }

    @Override
    public Path userFile(Environment environment) {
        return environment
                .path("CLAUDE_CONFIG_DIR")
                .orElseGet(environment::home)
                .resolve(".claude.json");
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(".mcp.json"));
    }

    @Override
    public ConfigFormat format() {
        return ConfigFormat.JSON;
    }

    @Override
    public List<String> container() {
        return List.of("mcpServers");
    }

    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        return Host.jsonEntry(true, launcher, variables.fixed());
    }

    /** The variables follow the name, since {@code -e} consumes everything up to the next option. */
    @Override
    public Optional<List<String>> addCommand(String name, ObjectNode entry) {
        List<String> command = new ArrayList<>(List.of("claude", "mcp", "add", "--scope", "user", name));
        command.addAll(CommandLines.variables(entry, "env", "-e"));
        command.addAll(List.of("--", entry.path("command").asText()));
        return Optional.of(command);
    }

    @Override
    public Optional<List<String>> removeCommand(String name) {
        return Optional.of(List.of("claude", "mcp", "remove", "--scope", "user", name));
    }

    @Override
    public String projectRemark() {
        return "; Claude Code asks whether you trust it";
    }
}

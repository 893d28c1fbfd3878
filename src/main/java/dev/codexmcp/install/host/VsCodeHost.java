package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** VS Code. It has {@code code --add-mcp} but no command to remove a server, so its file is edited for that. */
public final class VsCodeHost implements Host {

    @Override
    public String word() {
        return "vscode";
    }

    @Override
    public String title() {
        return "VS Code";
    }

    @Override
    public boolean isFound(Environment environment) {
        return environment.program("code").isPresent() || Files.exists(userFolder(environment));
    }

    private static Path userFolder(Environment environment) {
        Path home = environment.home();
        Path settings = environment.isMac()
                ? home.resolve("Library/Application Support")
                : environment.path("XDG_CONFIG_HOME").orElse(home.resolve(".config"));
        return settings.resolve("Code/User");
    }

    @Override
    public Path userFile(Environment environment) {
        return userFolder(environment).resolve("mcp.json");
    }

    @Override
    public Path projectFile(Path project) {
        return project.resolve(".vscode/mcp.json");
    }

    @Override
    public ConfigFormat format() {
        return ConfigFormat.JSON;
    }

    @Override
    public List<String> container() {
        return List.of("servers");
    }

    @Override
    public ObjectNode entry(Path launcher, Map<String, String> variables) {
        return Host.jsonEntry(true, launcher, variables);
    }

    @Override
    public Optional<List<String>> addCommand(String name, ObjectNode entry) {
        ObjectNode named = entry.objectNode().put("name", name);
        named.setAll(entry);
        return Optional.of(List.of("code", "--add-mcp", named.toString()));
    }
}

package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * VS Code or an edition of it. It has {@code --add-mcp} but no command to remove a server, so its file is edited for
 * that.
 *
 * @param programName its command
 * @param folder the name of its settings folder
 */
public record VsCodeHost(String word, String title, String programName, String folder) implements EditedHost {

    @Override
    public boolean isFound(Environment environment) {
        return program(environment).isPresent() || Files.exists(userFolder(environment));
    }

    /** Ignores the command of an editor that runs on another machine: it would register the server there. */
    @Override
    public Optional<Path> program(Environment environment) {
        return environment
                .program(programName)
                .filter(path -> !path.toString().contains("/remote-cli/") && !path.startsWith("/mnt"));
    }

    private Path userFolder(Environment environment) {
        Path home = environment.home();
        Path settings = environment.isMac()
                ? home.resolve("Library/Application Support")
                : environment.path("XDG_CONFIG_HOME").orElse(home.resolve(".config"));
        return settings.resolve(folder).resolve("User");
    }

    @Override
    public Path userFile(Environment environment) {
        return userFolder(environment).resolve("mcp.json");
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(".vscode/mcp.json"));
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
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        return Host.jsonEntry(true, launcher, variables.fixed());
    }

    @Override
    public Optional<List<String>> addCommand(String name, ObjectNode entry) {
        ObjectNode named = entry.objectNode().put("name", name);
        named.setAll(entry);
        return Optional.of(List.of(programName, "--add-mcp", named.toString()));
    }
}

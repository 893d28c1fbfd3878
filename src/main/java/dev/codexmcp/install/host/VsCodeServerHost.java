package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * This machine as the remote machine of a VS Code (SSH, WSL, a container). What its own file names runs here, whereas
 * the editor's file names programs on the user's machine. No command writes that file.
 */
public final class VsCodeServerHost implements EditedHost {
    private static final List<String> FOLDERS =
            List.of(".vscode-server", ".vscode-server-insiders", ".vscodium-server");

    @Override
    public String word() {
        return "vscode-remote";
    }

    @Override
    public String title() {
        return "VS Code (remote)";
    }

    @Override
    public boolean isFound(Environment environment) {
        return Files.exists(folder(environment));
    }

    /** The first server's folder that exists; VS Code's own if there is none. */
    private static Path folder(Environment environment) {
        return FOLDERS.stream()
                .map(environment.home()::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseGet(() -> environment.home().resolve(FOLDERS.get(0)));
    }

    @Override
    public Path userFile(Environment environment) {
        return folder(environment).resolve("data/User/mcp.json");
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
}

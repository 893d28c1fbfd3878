package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * VS Code or an edition of it. It has {@code --add-mcp} but no command to remove a server, so its file is edited for
 * that.
 */
public final class VsCodeHost extends VsCodeFileHost {
    private final String programName;
    private final String folder;

    /**
     * @param programName its command
     * @param folder the name of its settings folder
     */
    public VsCodeHost(String word, String title, String programName, String folder) {
        super(word, title);
        this.programName = programName;
        this.folder = folder;
    }

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
        return userFolder(environment).resolve(FILE);
    }

    @Override
    public Optional<List<String>> addCommand(String name, ObjectNode entry) {
        ObjectNode named = entry.objectNode().put("name", name);
        named.setAll(entry);
        return Optional.of(List.of(programName, "--add-mcp", named.toString()));
    }
}

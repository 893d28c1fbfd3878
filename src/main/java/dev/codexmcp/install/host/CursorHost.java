package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Cursor, which has no command for registering servers. */
public final class CursorHost implements EditedHost {
    private static final String FILE = ".cursor/mcp.json";

    @Override
    public String word() {
        return "cursor";
    }

    @Override
    public String title() {
        return "Cursor";
    }

    @Override
    public boolean isFound(Environment environment) {
        return environment.program("cursor").isPresent()
                || Files.exists(environment.home().resolve(".cursor"));
    }

    @Override
    public Path userFile(Environment environment) {
        return environment.home().resolve(FILE);
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(FILE));
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
        return Host.jsonEntry(false, launcher, variables.fixed());
    }
}

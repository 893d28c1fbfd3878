package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Continue. It does not put the server's name in front of its tools' names, so it gets only those whose names say what
 * they belong to.
 */
public final class ContinueHost implements EditedHost {

    @Override
    public String word() {
        return "continue";
    }

    @Override
    public String title() {
        return "Continue";
    }

    @Override
    public Optional<Path> program(Environment environment) {
        return environment.program("cn");
    }

    @Override
    public boolean isFound(Environment environment) {
        return Files.exists(userFile(environment));
    }

    @Override
    public Path userFile(Environment environment) {
        return environment
                .path("CONTINUE_GLOBAL_DIR")
                .orElseGet(() -> environment.home().resolve(".continue"))
                .resolve("config.yaml");
    }

    /** A file with nothing but servers would replace the models that Continue has without a file. */
    @Override
    public boolean needsItsFile() {
        return true;
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.empty();
    }

    @Override
    public ConfigFormat format() {
        return ConfigFormat.yaml();
    }

    @Override
    public List<String> container() {
        return List.of("mcpServers");
    }

    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        ObjectNode entry = Host.jsonEntry(false, launcher, variables.fixed());
        if (!variables.inherited().containsKey("CODEX_MCP_TOOLS")) {
            entry.withObject("env").put("CODEX_MCP_TOOLS", "jobs");
        }
        return entry;
    }
}

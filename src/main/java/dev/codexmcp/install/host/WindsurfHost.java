package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Windsurf. */
public final class WindsurfHost implements PastedHost {

    @Override
    public String word() {
        return "windsurf";
    }

    @Override
    public String title() {
        return "Windsurf";
    }

    @Override
    public boolean isFound(Environment environment) {
        return environment.program("windsurf").isPresent() || Files.exists(folder(environment));
    }

    private static Path folder(Environment environment) {
        return environment.home().resolve(".codeium/windsurf");
    }

    @Override
    public String place(Environment environment) {
        return folder(environment).resolve("mcp_config.json").toString();
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

package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The AI Assistant of JetBrains' IDEs, which keeps its servers in the IDE's own settings. */
public final class JetBrainsHost implements PastedHost {

    @Override
    public String word() {
        return "jetbrains";
    }

    @Override
    public String title() {
        return "JetBrains AI Assistant";
    }

    @Override
    public boolean isFound(Environment environment) {
        return Files.exists(settings(environment).resolve("JetBrains"));
    }

    private static Path settings(Environment environment) {
        return environment.isMac()
                ? environment.home().resolve("Library/Application Support")
                : environment
                        .path("XDG_CONFIG_HOME")
                        .orElseGet(() -> environment.home().resolve(".config"));
    }

    @Override
    public String place(Environment environment) {
        return "Settings | Tools | AI Assistant | Model Context Protocol (MCP), as JSON";
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

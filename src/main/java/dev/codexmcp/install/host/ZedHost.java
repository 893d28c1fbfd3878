package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Zed. Its file holds all of its settings, with comments. */
public final class ZedHost implements PastedHost {

    @Override
    public String word() {
        return "zed";
    }

    @Override
    public String title() {
        return "Zed";
    }

    @Override
    public boolean isFound(Environment environment) {
        return environment.program("zed").isPresent() || Files.exists(folder(environment));
    }

    private static Path folder(Environment environment) {
        return environment
                .path("XDG_CONFIG_HOME")
                .filter(path -> !environment.isMac())
                .orElseGet(() -> environment.home().resolve(".config"))
                .resolve("zed");
    }

    @Override
    public String place(Environment environment) {
        return folder(environment).resolve("settings.json").toString();
    }

    @Override
    public ConfigFormat format() {
        return ConfigFormat.JSON;
    }

    @Override
    public List<String> container() {
        return List.of("context_servers");
    }

    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        return Host.jsonEntry(false, launcher, variables.fixed());
    }
}

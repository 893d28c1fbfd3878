package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A host that reads VS Code's {@code mcp.json}. */
abstract class VsCodeFileHost implements EditedHost {
    static final String FILE = "mcp.json";

    private final String word;
    private final String title;

    VsCodeFileHost(String word, String title) {
        this.word = word;
        this.title = title;
    }

    @Override
    public final String word() {
        return word;
    }

    @Override
    public final String title() {
        return title;
    }

    @Override
    public final Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(".vscode").resolve(FILE));
    }

    @Override
    public final ConfigFormat format() {
        return ConfigFormat.JSON;
    }

    @Override
    public final List<String> container() {
        return List.of("servers");
    }

    @Override
    public final ObjectNode entry(Path launcher, ServerVariables variables) {
        return Host.jsonEntry(true, launcher, variables.fixed());
    }
}

package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.Optional;

/** Cursor, which has no command for registering servers. */
public final class CursorHost extends FolderHost {
    private static final String FOLDER = ".cursor";
    private static final String FILE = "mcp.json";

    public CursorHost() {
        super("cursor", "Cursor");
    }

    @Override
    Path folder(Environment environment) {
        return environment.home().resolve(FOLDER);
    }

    @Override
    public Path userFile(Environment environment) {
        return folder(environment).resolve(FILE);
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(FOLDER).resolve(FILE));
    }

    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        return Host.jsonEntry(false, launcher, variables.fixed());
    }
}

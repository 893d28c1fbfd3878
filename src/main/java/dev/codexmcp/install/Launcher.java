package dev.codexmcp.install;

import dev.codexmcp.install.os.Environment;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;

/** Finds the script that starts the server, for hosts to run. */
public final class Launcher {
    private static final String NAME = "codex-mcp-server";

    private Launcher() {}

    /** The launcher of the jar that this class was loaded from. */
    public static Optional<Path> ofThisJar() {
        CodeSource source = Launcher.class.getProtectionDomain().getCodeSource();
        try {
            // The launcher has the boot class loader load the jar; then its classes don't know where they are from.
            return find(
                    source == null
                            ? Path.of(System.getProperty("java.class.path", ""))
                            : Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The launcher that would find this jar: in its own folder, or in the folder lib or target next to that. */
    static Optional<Path> find(Path jar) {
        Path folder = jar.toAbsolutePath().getParent();
        if (folder == null) {
            return Optional.empty();
        }
        return List.of(
                        folder.resolve(NAME),
                        folder.resolveSibling("scripts").resolve(NAME),
                        folder.resolveSibling("bin").resolve(NAME))
                .stream()
                .filter(Environment::isProgram)
                .findFirst();
    }
}

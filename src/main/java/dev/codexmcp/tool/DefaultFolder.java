package dev.codexmcp.tool;

import java.nio.file.Path;
import java.util.Optional;

/** Where the workers of a client run if a call names no folder. */
@FunctionalInterface
public interface DefaultFolder {
    /** The server's own folder. */
    DefaultFolder OWN = Optional::empty;

    /** The folder, absolute; empty: the server's own. May wait for the client for a moment. */
    Optional<String> get();

    /** The folder by its name. */
    static String name(Optional<String> folder) {
        return folder.orElseGet(() -> Path.of("").toAbsolutePath().toString());
    }
}

package dev.codexmcp.codex;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The configuration profiles of the CLI: files {@code NAME.config.toml} in its home. The CLI ignores an unknown one.
 *
 * @param home the CLI's home
 */
public record Profiles(Path home) {
    private static final String SUFFIX = ".config.toml";

    /** Those of workers with this environment: in {@code CODEX_HOME}, by default {@code ~/.codex}. */
    public static Profiles of(Map<String, String> environment) {
        return new Profiles(SessionFiles.home(environment));
    }

    /** Whether there is a profile of this name, which must not have the form of a path. */
    public boolean has(String name) {
        return Files.isRegularFile(home.resolve(name + SUFFIX));
    }

    /** The names of all profiles, sorted; none if the home cannot be read. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(home, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                names.add(name.substring(0, name.length() - SUFFIX.length()));
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }
}

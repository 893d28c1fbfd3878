package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gemini CLI or a descendant of it: a {@code settings.json}, a time limit in each entry, and the same commands. */
abstract class SettingsHost extends FolderHost {
    private static final String FILE = "settings.json";

    private final String folderName;

    SettingsHost(String word, String title, String folderName) {
        super(word, title);
        this.folderName = folderName;
    }

    /** The name of the settings folder, in the user's home and in a project. */
    final String folderName() {
        return folderName;
    }

    /** The entry's variables. */
    Map<String, String> env(ServerVariables variables) {
        return TimeLimit.IN_MILLIS.env(variables);
    }

    @Override
    public final Path userFile(Environment environment) {
        return folder(environment).resolve(FILE);
    }

    @Override
    public final Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(folderName).resolve(FILE));
    }

    @Override
    public final ObjectNode entry(Path launcher, ServerVariables variables) {
        return TimeLimit.IN_MILLIS.addTo(Host.jsonEntry(false, launcher, env(variables)));
    }

    @Override
    public final ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        return TimeLimit.IN_MILLIS.completed(present, wanted);
    }

    @Override
    public final Optional<List<String>> addCommand(String name, ObjectNode entry) {
        return Optional.of(CommandLines.addWithScope(word(), name, entry));
    }

    @Override
    public final Optional<List<String>> removeCommand(String name) {
        return Optional.of(List.of(word(), "mcp", "remove", "--scope", "user", name));
    }
}

package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Qwen Code. It passes on its whole environment; only its time limit needs a setting. */
public final class QwenHost implements EditedHost {
    private static final String FOLDER = ".qwen";

    @Override
    public String word() {
        return "qwen";
    }

    @Override
    public String title() {
        return "Qwen Code";
    }

    @Override
    public boolean isFound(Environment environment) {
        return program(environment).isPresent() || Files.exists(folder(environment));
    }

    private static Path folder(Environment environment) {
        return environment.path("QWEN_HOME").orElseGet(() -> environment.home().resolve(FOLDER));
    }

    @Override
    public Path userFile(Environment environment) {
        return folder(environment).resolve("settings.json");
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(FOLDER).resolve("settings.json"));
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
        return Host.jsonEntry(false, launcher, LongCalls.env(variables)).put(LongCalls.TIMEOUT, LongCalls.MILLIS);
    }

    @Override
    public ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        return LongCalls.completed(present, wanted);
    }

    @Override
    public Optional<List<String>> addCommand(String name, ObjectNode entry) {
        return Optional.of(CommandLines.addWithScope(word(), name, entry));
    }

    @Override
    public Optional<List<String>> removeCommand(String name) {
        return Optional.of(List.of(word(), "mcp", "remove", "--scope", "user", name));
    }

    @Override
    public String projectRemark() {
        return "; Qwen Code asks whether you approve it";
    }
}

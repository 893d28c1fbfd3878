package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** opencode. It passes on its whole environment. It has no command to remove a server, so its file is edited for that. */
public final class OpencodeHost extends FolderHost {
    private static final String JSON = "opencode.json";
    private static final String JSON_WITH_COMMENTS = "opencode.jsonc";

    public OpencodeHost() {
        super("opencode", "opencode");
    }

    @Override
    Path folder(Environment environment) {
        return environment
                .path("XDG_CONFIG_HOME")
                .orElseGet(() -> environment.home().resolve(".config"))
                .resolve("opencode");
    }

    /** It reads both files, and its command prefers the one without comments. */
    @Override
    public Path userFile(Environment environment) {
        Path plain = folder(environment).resolve(JSON);
        return Files.exists(plain) ? plain : folder(environment).resolve(JSON_WITH_COMMENTS);
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        Path commented = project.resolve(JSON_WITH_COMMENTS);
        Path plain = project.resolve(JSON);
        return Optional.of(Files.exists(commented) && !Files.exists(plain) ? commented : plain);
    }

    @Override
    public List<String> container() {
        return List.of("mcp");
    }

    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode().put("type", "local");
        entry.putArray("command").add(launcher.toString());
        if (!variables.fixed().isEmpty()) {
            ObjectNode values = entry.putObject("environment");
            variables.fixed().forEach(values::put);
        }
        return entry;
    }

    @Override
    public String command(ObjectNode entry) {
        return entry.path("command").path(0).asText();
    }

    @Override
    public boolean isRemote(ObjectNode entry) {
        return entry.has("url") || !entry.path("type").asText("local").equals("local");
    }

    @Override
    public Optional<List<String>> addCommand(String name, ObjectNode entry) {
        List<String> command = new ArrayList<>(List.of(word(), "mcp", "add", name));
        command.addAll(CommandLines.variables(entry, "environment", "--env"));
        command.addAll(List.of("--", command(entry)));
        return Optional.of(command);
    }
}

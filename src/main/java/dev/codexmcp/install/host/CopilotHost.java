package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copilot CLI. It removes {@code OPENAI_API_KEY} from its own environment, so that an entry cannot even refer to it.
 */
public final class CopilotHost extends FolderHost {
    private static final String WITHHELD = "OPENAI_API_KEY";

    public CopilotHost() {
        super("copilot", "Copilot CLI");
    }

    @Override
    Path folder(Environment environment) {
        return environment
                .path("COPILOT_HOME")
                .orElseGet(() -> environment.home().resolve(".copilot"));
    }

    @Override
    public Path userFile(Environment environment) {
        return folder(environment).resolve("mcp-config.json");
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(".github/mcp.json"));
    }

    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        ObjectNode entry = Host.jsonEntry(true, launcher, variables.fixed()).put("type", "local");
        entry.putArray("tools").add("*");
        return entry;
    }

    @Override
    public boolean isRemote(ObjectNode entry) {
        return entry.has("url")
                || !List.of("local", "stdio").contains(entry.path("type").asText("local"));
    }

    @Override
    public Optional<List<String>> addCommand(String name, ObjectNode entry) {
        List<String> command = new ArrayList<>(List.of(word(), "mcp", "add", name));
        command.addAll(CommandLines.variables(entry, "env", "--env"));
        command.addAll(List.of("--", command(entry)));
        return Optional.of(command);
    }

    @Override
    public Optional<List<String>> removeCommand(String name) {
        return Optional.of(List.of(word(), "mcp", "remove", name));
    }

    @Override
    public String userRemark(ServerVariables variables) {
        return variables.inherited().containsKey(WITHHELD)
                ? "; Copilot CLI does not pass " + WITHHELD
                        + " on: if workers need it, log in with codex login, or set CODEX_API_KEY"
                : "";
    }

    @Override
    public String projectRemark() {
        return "; Copilot CLI reads it only in folders that you trust";
    }
}

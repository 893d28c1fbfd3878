package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The Codex CLI. Its {@code codex mcp add} sets neither approval nor timeout, so its file is edited. */
public final class CodexHost implements EditedHost {
    /** Variables for the CLI to pass to the server if they are set; by default it passes few. */
    static final List<String> PASSED_ON = List.of(
            "CODEX_HOME",
            "CODEX_API_KEY",
            "OPENAI_API_KEY",
            "JAVA_HOME",
            "CODEX_MCP_JAVA_OPTS",
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "NO_PROXY",
            "CODEX_MCP_MAX_JOBS",
            "CODEX_MCP_DEFAULT_SANDBOX",
            "CODEX_MCP_CALLBACK_URI",
            "CODEX_MCP_CODEX_BIN",
            "CODEX_MCP_NATIVE",
            "CODEX_MCP_LOG_LEVEL",
            "CODEX_MCP_TOOLS",
            "CODEX_MCP_MAX_DEPTH");

    @Override
    public String word() {
        return "codex";
    }

    @Override
    public String title() {
        return "Codex";
    }

    @Override
    public boolean isFound(Environment environment) {
        return environment.program("codex").isPresent() || Files.exists(home(environment));
    }

    /** The CLI's folder: {@code CODEX_HOME}, else {@code ~/.codex}. */
    public static Path home(Environment environment) {
        return environment.path("CODEX_HOME").orElseGet(() -> environment.home().resolve(".codex"));
    }

    @Override
    public Path userFile(Environment environment) {
        return home(environment).resolve("config.toml");
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.of(project.resolve(".codex/config.toml"));
    }

    @Override
    public ConfigFormat format() {
        return ConfigFormat.TOML;
    }

    @Override
    public List<String> container() {
        return List.of("mcp_servers");
    }

    /** Lists variables by name if possible, since a copy of a value may become outdated: these, and all others set now. */
    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("command", launcher.toString());
        entry.put("default_tools_approval_mode", "approve");
        TimeLimit.OF_CODEX.addTo(entry);
        String javaHome = variables.fixed().get("JAVA_HOME");
        ArrayNode names = entry.putArray("env_vars");
        Stream.concat(PASSED_ON.stream(), variables.inherited().keySet().stream())
                .distinct()
                .filter(name -> javaHome == null || !name.equals("JAVA_HOME"))
                .forEach(names::add);
        Map<String, String> values = new LinkedHashMap<>(TimeLimit.maxWait(variables));
        if (javaHome != null) {
            values.put("JAVA_HOME", javaHome);
        }
        if (!values.isEmpty()) {
            ObjectNode env = entry.putObject("env");
            values.forEach(env::put);
        }
        return entry;
    }

    @Override
    public ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        return TimeLimit.OF_CODEX.completed(present, wanted);
    }

    @Override
    public Optional<List<String>> checkCommand(String name) {
        return Optional.of(List.of("codex", "mcp", "get", name));
    }

    @Override
    public String projectRemark() {
        return "; Codex reads it only in a project that you trust";
    }

    /** Recognizes this repository's own entry, whose command is not a path because a path would fit only one clone. */
    @Override
    public boolean isPortable(Path launcher, Path project, ObjectNode entry) {
        return project.resolve("scripts/codex-mcp-server").equals(launcher)
                && !entry.path("command").asText().contains("/")
                && entry.path("args").toString().contains("scripts/codex-mcp-server");
    }
}

package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Gemini CLI. It keeps from its servers every variable that looks like a secret or a certificate, unless the entry
 * refers to it.
 */
public final class GeminiHost implements EditedHost {
    private static final String FOLDER = ".gemini";
    private static final Pattern WITHHELD_NAME =
            Pattern.compile("(?i)TOKEN|SECRET|PASSWORD|PASSWD|KEY|AUTH|CREDENTIAL|CREDS|PRIVATE|CERT");
    private static final Pattern WITHHELD_VALUE = Pattern.compile("(?i)(https?|ftp|smtp)://[^:\\s]+:[^@\\s]+@");

    @Override
    public String word() {
        return "gemini";
    }

    @Override
    public String title() {
        return "Gemini CLI";
    }

    @Override
    public boolean isFound(Environment environment) {
        return program(environment).isPresent() || Files.exists(folder(environment));
    }

    private static Path folder(Environment environment) {
        return environment.path("GEMINI_CLI_HOME").orElseGet(environment::home).resolve(FOLDER);
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
        Map<String, String> env = LongCalls.env(variables);
        variables.inherited().forEach((name, value) -> {
            if (isWithheld(name, value)) {
                env.put(name, "$" + name);
            }
        });
        return Host.jsonEntry(false, launcher, env).put(LongCalls.TIMEOUT, LongCalls.MILLIS);
    }

    @Override
    public ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        return LongCalls.completed(present, wanted);
    }

    private static boolean isWithheld(String name, String value) {
        return WITHHELD_NAME.matcher(name).find()
                || WITHHELD_VALUE.matcher(value).find();
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
    public String userRemark(ServerVariables variables) {
        return "; Gemini CLI starts it only in folders that you trust";
    }

    @Override
    public String projectRemark() {
        return userRemark(ServerVariables.NONE);
    }
}

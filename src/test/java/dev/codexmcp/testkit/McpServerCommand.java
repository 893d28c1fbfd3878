package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How to start a server, and how its client is to treat what the server sends. */
public final class McpServerCommand {

    private final ProcessBuilder process;
    private String protocolVersion = "2025-06-18";
    private String idPrefix = "";
    private boolean keepsAnswers = true;
    private @Nullable Consumer<JsonNode> onOther;

    McpServerCommand(List<String> command) {
        process = new ProcessBuilder(command);
        // What the server keeps must not get among the files of the user who runs the tests.
        process.environment()
                .put(
                        "XDG_STATE_HOME",
                        Path.of("target", "state").toAbsolutePath().toString());
    }

    /** Adds to the environment, which is the test's own. */
    public McpServerCommand environment(Map<String, String> additions) {
        process.environment().putAll(additions);
        return this;
    }

    /** Replaces the environment. */
    public McpServerCommand onlyEnvironment(Map<String, String> environment) {
        process.environment().clear();
        return environment(environment);
    }

    /** Removes a variable from the environment. */
    public McpServerCommand without(String variable) {
        process.environment().remove(variable);
        return this;
    }

    public McpServerCommand directory(Path directory) {
        process.directory(directory.toFile());
        return this;
    }

    /** Starts the server by way of another program, such as {@code setsid}, that takes the server's command as arguments. */
    public McpServerCommand through(List<String> program) {
        List<String> command = new ArrayList<>(program);
        command.addAll(process.command());
        process.command(command);
        return this;
    }

    public McpServerCommand protocolVersion(String version) {
        protocolVersion = version;
        return this;
    }

    /** Makes the ids of the client's requests texts that start like this; otherwise they are numbers. */
    public McpServerCommand idPrefix(String prefix) {
        idPrefix = prefix;
        return this;
    }

    /** Makes the client forget the answers to its requests once it has passed them on: for answers that are many, or long. */
    public McpServerCommand forgetAnswers() {
        keepsAnswers = false;
        return this;
    }

    /** Passes on every message that answers no request of the client, in place of keeping it. */
    public McpServerCommand onOther(Consumer<JsonNode> consumer) {
        onOther = consumer;
        return this;
    }

    /** Starts the server, and sends it nothing. */
    public McpClient startSilently() {
        McpClient client = new McpClient(this);
        client.startReading();
        return client;
    }

    /** Starts the server and initializes it. */
    public McpClient start() {
        McpClient client = startSilently();
        boolean complete = false;
        try {
            client.initialize();
            complete = true;
            return client;
        } finally {
            if (!complete) {
                client.destroy();
            }
        }
    }

    ProcessBuilder process() {
        return process;
    }

    String protocolVersion() {
        return protocolVersion;
    }

    String idPrefix() {
        return idPrefix;
    }

    boolean keepsAnswers() {
        return keepsAnswers;
    }

    @Nullable
    Consumer<JsonNode> onOther() {
        return onOther;
    }
}

package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code CODEX_HOME} whose model is a {@link ModelServer}. It must not lie below the temp directory: the CLI warns about
 * that, and its sandbox lets workers write there.
 *
 * <p>HOME points into it too, so that the shell profile and the skills of the user who runs the tests have no effect.
 */
public final class CodexHome {

    /** A model that is given its tools as functions. */
    public static final String FUNCTION_MODEL = "gpt-5.5";

    /** A model in code mode: it is given one tool, and writes JavaScript that calls the others. */
    public static final String CODE_MODEL = "gpt-6-sol";

    private static final String CONFIG = """
            model = %s
            model_provider = "local"
            approval_policy = "never"
            check_for_update_on_startup = false

            [model_providers.local]
            name = "local"
            base_url = %s
            wire_api = "responses"
            env_key = "LOCAL_MODEL_KEY"
            request_max_retries = %d
            stream_max_retries = %d
            requires_openai_auth = false
            supports_websockets = false

            [analytics]
            enabled = false

            [features]
            apps = false
            plugins = false

            [tools.update_plan]
            enabled = true
            """;

    private final Path directory;

    private CodexHome(Path directory) {
        this.directory = directory;
    }

    /** Makes a home in a directory, which is created if it is missing. */
    public static CodexHome create(Path directory, ModelServer model) {
        return in(directory, model.baseUrl()).create();
    }

    /** Describes a home that needs more than the defaults. */
    public static Builder in(Path directory, URI modelUrl) {
        return new Builder(directory, modelUrl);
    }

    public Path directory() {
        return directory;
    }

    /** What to add to the environment of the CLI. */
    public Map<String, String> environment() {
        return environmentOf(directory);
    }

    private static Map<String, String> environmentOf(Path directory) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("CODEX_HOME", directory.toString());
        environment.put("HOME", directory.resolve("user").toString());
        environment.put("LOCAL_MODEL_KEY", "any");
        // The CLI must not reach its model through the machine's proxy.
        environment.put("NO_PROXY", "127.0.0.1,localhost");
        environment.put("no_proxy", "127.0.0.1,localhost");
        return environment;
    }

    /** Describes a home. */
    public static final class Builder {

        private final Path directory;
        private final URI modelUrl;
        private final List<String> servers = new ArrayList<>();
        private String model = FUNCTION_MODEL;
        private int retries;
        private String more = "";

        private Builder(Path directory, URI modelUrl) {
            this.directory = directory.toAbsolutePath().normalize();
            this.modelUrl = modelUrl;
        }

        /** The default model. */
        public Builder model(String name) {
            model = name;
            return this;
        }

        /** How often the CLI retries after a failed request or a broken stream; by default it does not. */
        public Builder retries(int count) {
            retries = count;
            return this;
        }

        /**
         * An MCP server that every CLI with this home starts, with all its tools approved. It is given the environment
         * that a CLI with this home needs, so that the server's own workers find their model, and the names given here.
         */
        public Builder mcpServer(String name, List<String> command, Map<String, String> environment) {
            Map<String, String> all = environmentOf(directory);
            all.putAll(environment);
            StringBuilder entry = new StringBuilder("\n[mcp_servers." + toml(name) + "]\n");
            entry.append("command = ").append(toml(command.get(0))).append('\n');
            entry.append("args = ")
                    .append(TestJson.print(command.subList(1, command.size())))
                    .append('\n');
            entry.append("required = true\n");
            entry.append("default_tools_approval_mode = \"approve\"\n");
            entry.append("\n[mcp_servers." + toml(name) + ".env]\n");
            all.forEach((key, value) ->
                    entry.append(toml(key)).append(" = ").append(toml(value)).append('\n'));
            servers.add(entry.toString());
            return this;
        }

        /** Anything else for the end of {@code config.toml}. */
        public Builder config(String toml) {
            more += "\n" + toml + "\n";
            return this;
        }

        public CodexHome create() {
            String config = CONFIG.formatted(toml(model), toml(modelUrl.toString()), retries, retries);
            try {
                Files.createDirectories(directory.resolve("user"));
                Files.writeString(directory.resolve("config.toml"), config + String.join("", servers) + more);
            } catch (IOException e) {
                throw new UncheckedIOException("no CODEX_HOME can be made in " + directory, e);
            }
            return new CodexHome(directory);
        }

        /** A JSON string is also a TOML string. */
        private static String toml(String text) {
            return TestJson.print(text);
        }
    }
}

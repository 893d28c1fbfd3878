package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.install.edit.ConfigFile;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.edit.SyntaxException;
import dev.codexmcp.install.os.Environment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The variables that the server and its workers use if a host passes them on. */
public final class InheritedVariables {
    private static final List<String> CERTIFICATES =
            List.of("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "CODEX_CA_CERTIFICATE");

    /** Not a setting: marks a process that a worker has started. */
    private static final String JOB = "CODEX_MCP_JOB";

    private InheritedVariables() {}

    /** Those that are set in this environment, with their values. */
    public static Map<String, String> of(Environment environment) {
        Map<String, String> inherited = new LinkedHashMap<>();
        for (String name : names(environment)) {
            environment.variable(name).ifPresent(value -> inherited.put(name, value));
        }
        return inherited;
    }

    private static Set<String> names(Environment environment) {
        Set<String> names = new LinkedHashSet<>(CodexHost.PASSED_ON);
        names.addAll(CERTIFICATES);
        names.addAll(keysOfProviders(environment));
        new TreeSet<>(environment.variables().keySet())
                .stream()
                        .filter(name -> name.startsWith("CODEX_MCP_") && !name.startsWith("CODEX_MCP_TEST_"))
                        .forEach(names::add);
        names.remove(JOB);
        return names;
    }

    /** The variables from which the CLI takes the keys of the model providers in its configuration. */
    private static Set<String> keysOfProviders(Environment environment) {
        Set<String> names = new LinkedHashSet<>();
        try {
            String text = ConfigFile.read(CodexHost.home(environment).resolve("config.toml"))
                    .text();
            for (JsonNode provider : ConfigFormat.TOML.parse(text).path("model_providers")) {
                String name = provider.path("env_key").asText();
                if (name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                    names.add(name);
                }
            }
        } catch (RefusedException | SyntaxException e) {
            return names; // the code that edits or checks the file reports it
        }
        return names;
    }
}

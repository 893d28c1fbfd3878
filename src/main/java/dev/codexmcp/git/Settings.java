package dev.codexmcp.git;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run of git adds to the common environment: variables, and settings that override those of any file.
 * Immutable.
 *
 * @param variables environment variables
 * @param values git settings by key
 */
record Settings(Map<String, String> variables, Map<String, String> values) {
    Settings {
        variables = Map.copyOf(variables);
        values = Map.copyOf(values);
    }

    static Settings none() {
        return new Settings(Map.of(), Map.of());
    }

    Settings withVariable(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(variables);
        more.put(name, value);
        return new Settings(more, values);
    }

    Settings withValue(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(key, value);
        return new Settings(variables, more);
    }

    /** Adds everything that keeps git from starting programs or writing where it should not. */
    Settings guarded(String noHooks) {
        return withValue("core.hooksPath", noHooks)
                .withValue("core.fsmonitor", "false")
                .withValue("core.splitIndex", "false")
                .withValue("core.pager", "cat")
                .withValue("core.editor", "true")
                .withValue("core.sshCommand", "false")
                .withValue("core.askPass", "true")
                .withValue("credential.helper", "")
                .withValue("protocol.allow", "never")
                .withValue("commit.gpgSign", "false")
                .withValue("gc.auto", "0")
                .withValue("maintenance.auto", "false")
                .withValue("submodule.recurse", "false");
    }

    /** Adds the variables and settings to the environment of a process. */
    void addTo(Map<String, String> environment) {
        environment.putAll(variables);
        int count = 0;
        for (Map.Entry<String, String> value : values.entrySet()) {
            environment.put("GIT_CONFIG_KEY_" + count, value.getKey());
            environment.put("GIT_CONFIG_VALUE_" + count, value.getValue());
            count++;
        }
        environment.put("GIT_CONFIG_COUNT", String.valueOf(count));
    }
}

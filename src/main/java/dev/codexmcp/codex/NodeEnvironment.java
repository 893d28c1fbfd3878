package dev.codexmcp.codex;

import java.util.List;
import java.util.Map;

/**
 * The part of the environment that affects npm's script.
 *
 * @param userAgent {@code npm_config_user_agent}
 * @param packageManager {@code npm_execpath}
 * @param overrides the names of the variables that are set and may change which files Node loads
 */
public record NodeEnvironment(String userAgent, String packageManager, List<String> overrides) {
    /** As if none of the variables were set. */
    static final NodeEnvironment NONE = new NodeEnvironment("", "", List.of());

    private static final List<String> OVERRIDES =
            List.of("NODE_OPTIONS", "NODE_PATH", "NODE_PRESERVE_SYMLINKS", "NODE_PRESERVE_SYMLINKS_MAIN");

    public NodeEnvironment {
        overrides = List.copyOf(overrides);
    }

    /** Reads the variables. */
    public static NodeEnvironment of(Map<String, String> environment) {
        return new NodeEnvironment(
                environment.getOrDefault("npm_config_user_agent", ""),
                environment.getOrDefault("npm_execpath", ""),
                OVERRIDES.stream()
                        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                        .toList());
    }
}

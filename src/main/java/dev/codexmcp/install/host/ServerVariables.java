package dev.codexmcp.install.host;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables that the server and its workers need.
 *
 * @param fixed those whose current value belongs into every entry, since the host may run in another environment
 * @param inherited all others that are set now, with their current values. Hosts should pass them on; an entry never
 *     contains their values, which may be secret
 */
public record ServerVariables(Map<String, String> fixed, Map<String, String> inherited) {
    public static final ServerVariables NONE = new ServerVariables(Map.of(), Map.of());

    public ServerVariables {
        fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
        inherited = Collections.unmodifiableMap(new LinkedHashMap<>(inherited));
    }
}

package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.EntryChange;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The time limit in the entries of hosts that have such a setting: an hour, which is enough for most calls. The server
 * cannot see it and assumes the host's default, so the entry also says how long a call may take.
 */
final class LongCalls {
    static final int SECONDS = 3600;
    static final int MILLIS = SECONDS * 1000;

    /** The host's setting. */
    static final String TIMEOUT = "timeout";

    private static final String MAX_WAIT = "CODEX_MCP_MAX_WAIT_MS";

    /** The server answers before the host gives up. */
    private static final int MARGIN_MILLIS = 10_000;

    private LongCalls() {}

    /** The entry's variables. A limit that the user has set is passed on instead. */
    static Map<String, String> env(ServerVariables variables) {
        Map<String, String> env = new LinkedHashMap<>(variables.fixed());
        if (!variables.inherited().containsKey(MAX_WAIT)) {
            env.put(MAX_WAIT, Integer.toString(MILLIS - MARGIN_MILLIS));
        }
        return env;
    }

    /** Completes an existing entry. If it has another time limit, the server is not told of ours. */
    static ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        return EntryChange.completed(present, fitting(present, wanted));
    }

    /** What to add to an entry that may have a time limit of its own. */
    static ObjectNode fitting(ObjectNode present, ObjectNode wanted) {
        JsonNode limit = present.path(TIMEOUT);
        ObjectNode fitting = wanted.deepCopy();
        if (!limit.isMissingNode()
                && !limit.asText().equals(wanted.path(TIMEOUT).asText())
                && fitting.path("env") instanceof ObjectNode env) {
            env.remove(MAX_WAIT);
            if (env.isEmpty()) {
                fitting.remove("env");
            }
        }
        return fitting;
    }
}

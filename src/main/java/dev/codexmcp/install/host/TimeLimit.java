package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.EntryChange;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The time limit for calls in the entries of hosts that have such a setting: an hour, which is enough for most. The server cannot
 * see it and assumes the host's default, so the entry also says how long a call may take.
 *
 * @param member the host's setting
 * @param unitMillis its unit, in milliseconds
 */
record TimeLimit(String member, int unitMillis) {
    static final TimeLimit IN_MILLIS = new TimeLimit("timeout", 1);
    static final TimeLimit IN_SECONDS = new TimeLimit("timeout", 1000);
    static final TimeLimit OF_CODEX = new TimeLimit("tool_timeout_sec", 1000);

    private static final String MAX_WAIT = "CODEX_MCP_MAX_WAIT_MS";
    private static final int HOUR_MILLIS = 3_600_000;

    /** The server answers so long before the host gives up, at most; of a short time, a sixth. */
    private static final int MARGIN_MILLIS = 10_000;

    /** Sets the limit. */
    ObjectNode addTo(ObjectNode entry) {
        return entry.put(member, HOUR_MILLIS / unitMillis);
    }

    /** The entry's variables: the fixed ones, and how long a call may take. */
    Map<String, String> env(ServerVariables variables) {
        Map<String, String> env = new LinkedHashMap<>(variables.fixed());
        env.putAll(maxWait(variables));
        return env;
    }

    /** How long a call may take, as a variable; none if the user has set one, which is passed on instead. */
    static Map<String, String> maxWait(ServerVariables variables) {
        return variables.inherited().containsKey(MAX_WAIT) ? Map.of() : Map.of(MAX_WAIT, before(HOUR_MILLIS));
    }

    private static String before(long millis) {
        return Long.toString(millis - Math.min(MARGIN_MILLIS, millis / 6));
    }

    /** Completes an existing entry. If it has a time limit of its own, the server gets that one. */
    ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        return EntryChange.completed(present, fitting(present, wanted));
    }

    /** What to add to an entry that may have a time limit of its own. */
    ObjectNode fitting(ObjectNode present, ObjectNode wanted) {
        ObjectNode fitting = wanted.deepCopy();
        JsonNode limit = present.path(member);
        if (!limit.isMissingNode() && fitting.path("env") instanceof ObjectNode env && env.has(MAX_WAIT)) {
            double millis = limit.asDouble() * unitMillis;
            if (millis >= 1 && millis <= Integer.MAX_VALUE) {
                env.put(MAX_WAIT, before((long) millis));
            } else {
                env.remove(MAX_WAIT); // what the host makes of it is not known
            }
            if (env.isEmpty()) {
                fitting.remove("env");
            }
        }
        return fitting;
    }
}

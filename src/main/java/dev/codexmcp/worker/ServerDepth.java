package dev.codexmcp.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many of these servers this one runs within: a worker may start a server of its own, whose workers may start servers in
 * their turn.
 *
 * <p>Each server marks its workers' environment, with its own marks besides. Codex hands its MCP servers few variables, so
 * the marks don't reach the next server; but they can be read from the worker, which is among its ancestors. Where they can't,
 * the servers themselves are known by their command lines.
 */
public final class ServerDepth {
    private static final String JAR = "codex-mcp-server";

    private ServerDepth() {}

    /**
     * Counts them, by what the system shows now.
     *
     * @param markVariable of the environment, that every worker carries: {@code SERVER/JOB}, several separated by blanks
     * @param environment of the process
     * @param process a server, most often this one
     */
    public static int of(String markVariable, Map<String, String> environment, ProcessHandle process) {
        return of(markVariable, environment, Ancestor.of(process));
    }

    static int of(String markVariable, Map<String, String> environment, List<Ancestor> ancestors) {
        Set<String> servers = new HashSet<>();
        addServers(environment.getOrDefault(markVariable, ""), servers);
        int processes = 0;
        for (Ancestor ancestor : ancestors) {
            for (String entry : ancestor.environment()) {
                if (entry.startsWith(markVariable + "=")) {
                    addServers(entry.substring(markVariable.length() + 1), servers);
                }
            }
            if (isServer(ancestor.command())) {
                processes++;
            }
        }
        return Math.max(servers.size(), processes);
    }

    private static void addServers(String marks, Set<String> servers) {
        for (String mark : marks.split(" ", -1)) {
            int slash = mark.indexOf('/');
            if (slash > 0) {
                servers.add(mark.substring(0, slash));
            }
        }
    }

    /** Java, with the server's jar. The launcher is a script that becomes Java, or waits for it: it doesn't count itself. */
    private static boolean isServer(List<String> command) {
        if (command.isEmpty() || !fileName(command.get(0)).startsWith("java")) {
            return false;
        }
        int jar = command.indexOf("-jar");
        return jar > 0
                && jar + 1 < command.size()
                && fileName(command.get(jar + 1)).startsWith(JAR);
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}

package dev.codexmcp.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts the servers this one is nested in: a worker may start a server of its own, whose workers may start servers in
 * turn.
 *
 * <p>Each server puts a cookie into its workers' environment and keeps the cookies it has inherited. Codex passes few
 * variables to its MCP servers, so a nested server doesn't inherit them, but it can read them from the worker among its
 * ancestors. If it cannot, the servers themselves are recognized by their command lines.
 */
public final class ServerDepth {
    private static final String JAR = "codex-mcp-server";

    private ServerDepth() {}

    /**
     * Counts the servers among a process's ancestors.
     *
     * @param variable the environment variable that holds cookies of the form {@code SERVER/JOB}, separated by spaces
     * @param environment of the process
     * @param process a server, usually this one
     */
    public static int of(String variable, Map<String, String> environment, ProcessHandle process) {
        return of(variable, environment, Ancestor.of(process));
    }

    static int of(String variable, Map<String, String> environment, List<Ancestor> ancestors) {
        Set<String> servers = new HashSet<>();
        addServers(environment.getOrDefault(variable, ""), servers);
        int processes = 0;
        for (Ancestor ancestor : ancestors) {
            for (String entry : ancestor.environment()) {
                if (entry.startsWith(variable + "=")) {
                    addServers(entry.substring(variable.length() + 1), servers);
                }
            }
            if (isServer(ancestor.command())) {
                processes++;
            }
        }
        return Math.max(servers.size(), processes);
    }

    private static void addServers(String cookies, Set<String> servers) {
        for (String cookie : cookies.split(" ", -1)) {
            int slash = cookie.indexOf('/');
            if (slash > 0) {
                servers.add(cookie.substring(0, slash));
            }
        }
    }

    /**
     * Whether this is Java running the server's jar. The launcher script does not count: it execs or waits for Java.
     */
    private static boolean isServer(List<String> command) {
        if (command.isEmpty() || !fileName(command.get(0)).startsWith("java")) {
            return false;
        }
        int jar = Math.max(command.indexOf("-jar"), command.indexOf("-cp"));
        return jar > 0
                && jar + 1 < command.size()
                && fileName(command.get(jar + 1)).startsWith(JAR);
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}

package dev.codexmcp.install.doctor;

import dev.codexmcp.install.host.InheritedVariables;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.OtherProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows what has reached the servers that hosts are running: their folder, and how their environment differs from this
 * one. Names variables only, since values may be secret. Not a problem by itself, so it only notes.
 */
final class RunningServers {
    private static final String JAR = "codex-mcp-server.jar";
    private static final String MAIN = "dev.codexmcp.Main";
    private static final int SHOWN = 20;

    private final Report report;
    private final Environment environment;
    private final List<OtherProcess> processes;

    RunningServers(Report report, Environment environment, List<OtherProcess> processes) {
        this.report = report;
        this.environment = environment;
        this.processes = processes.stream().filter(RunningServers::isServer).toList();
    }

    /** A server that a host has started: not one that belongs to a worker, and no other command of the jar. */
    private static boolean isServer(OtherProcess process) {
        List<String> command = process.command();
        int last = command.size() - 1;
        int jar = last > 0 && command.get(last).equals(MAIN) ? last - 1 : last; // -cp JAR MAIN, or -jar JAR
        return jar > 0
                && Path.of(command.get(jar)).endsWith(JAR)
                && process.environment().variable("CODEX_MCP_JOB").isEmpty();
    }

    void run() {
        processes.stream().limit(SHOWN).forEach(this::show);
        if (processes.size() > SHOWN) {
            report.note("Running server", (processes.size() - SHOWN) + " more");
        }
    }

    private void show(OtherProcess server) {
        Environment its = server.environment();
        List<String> differences = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> other = new ArrayList<>();
        wanted().forEach((name, value) -> {
            if (its.variable(name).isEmpty()) {
                missing.add(name);
            } else if (!its.variable(name).get().equals(value)) {
                other.add(name);
            }
        });
        if (!missing.isEmpty()) {
            differences.add("lacks " + String.join(", ", missing) + ", set here");
        }
        if (!other.isEmpty()) {
            differences.add("has another value of " + String.join(", ", other));
        }
        if (its.variable("CODEX_MCP_CODEX_BIN").isEmpty()
                && its.program("codex").isEmpty()) {
            differences.add("has no codex on its PATH");
        }
        String what = "process " + server.pid() + ", started by " + name(server.parent()) + ", works in " + its.folder()
                + ", the default folder of its workers; ";
        if (differences.isEmpty()) {
            report.ok("Running server", what + "has all variables that are set here");
        } else {
            report.note("Running server", what + String.join("; ", differences) + " (see docs/hosts.md)");
        }
    }

    /** The variables of this environment that matter to a running server. */
    private Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>(InheritedVariables.of(environment));
        wanted.remove("JAVA_HOME"); // it has found its Java
        return wanted;
    }

    /** The name of a program: for a script, the script's. */
    private static String name(List<String> command) {
        String name = "";
        for (String word : command) {
            name = String.valueOf(Path.of(word).getFileName()).replaceFirst("\\.[cm]?js$", "");
            if (!word.startsWith("-") && !List.of("node", "bun", "sh", "bash").contains(name)) {
                return name;
            }
        }
        return name.isEmpty() ? "a process that has ended" : name;
    }
}

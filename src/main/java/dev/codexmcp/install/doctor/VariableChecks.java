package dev.codexmcp.install.doctor;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.install.os.Environment;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Checks the server's own variables. */
final class VariableChecks {
    private static final List<String> LOG_LEVELS = List.of("off", "error", "warn", "info", "debug", "trace", "all");

    private final Report report;
    private final Environment environment;

    VariableChecks(Report report, Environment environment) {
        this.report = report;
        this.environment = environment;
    }

    void run() {
        Map<String, String> ours = new TreeMap<>();
        environment.variables().forEach((name, value) -> {
            if (name.startsWith("CODEX_MCP_") && !name.startsWith("CODEX_MCP_TEST_")) {
                ours.put(name, value.strip());
            }
        });
        int before = report.wrong();
        ours.forEach(this::check);
        if (report.wrong() == before) {
            report.ok("Variables", ours.isEmpty() ? "no CODEX_MCP_ variable is set" : String.join(", ", ours.keySet()));
        }
    }

    private void check(String name, String value) {
        switch (name) {
            case "CODEX_MCP_MAX_JOBS" -> {
                if (!value.isEmpty() && !isPositiveInteger(value)) {
                    report.wrong(
                            name,
                            "\"" + value + "\" is not a positive whole number; the server uses 32",
                            "set a number, such as 8, or unset it");
                }
            }
            case "CODEX_MCP_MAX_DEPTH" -> {
                if (!value.isEmpty() && !value.equals("0") && !isPositiveInteger(value)) {
                    report.wrong(
                            name,
                            "\"" + value + "\" is not a whole number: the server sets no limit",
                            "set a number, such as 1, or unset it");
                }
            }
            case "CODEX_MCP_DEFAULT_SANDBOX" -> checkWord(name, value, Sandbox.words(), Sandbox.WORKSPACE_WRITE.wire());
            case "CODEX_MCP_MAX_QUEUED",
                    "CODEX_MCP_MAX_READERS",
                    "CODEX_MCP_MAX_WRITERS",
                    "CODEX_MCP_MAX_WAIT_MS",
                    "CODEX_MCP_LAUNCH_RATE",
                    "CODEX_MCP_LEASE_SECONDS" -> checkNumber(name, value, Integer.MAX_VALUE);
            case "CODEX_MCP_MAX_TOKENS", "CODEX_MCP_MAX_RUN_MS", "CODEX_MCP_MAX_IDLE_MS" ->
                checkNumber(name, value, Long.MAX_VALUE);
            case "CODEX_MCP_QUEUE" -> checkWord(name, value, List.of("0", "1"), "0");
            case "CODEX_MCP_NATIVE",
                    "CODEX_MCP_STATELESS",
                    "CODEX_MCP_SOCKET",
                    "CODEX_MCP_SNAPSHOTS",
                    "CODEX_MCP_JOURNAL" -> checkWord(name, value, List.of("on", "off"), "on");
            case "CODEX_MCP_LOG_LEVEL" -> checkWord(name, value.toLowerCase(Locale.ROOT), LOG_LEVELS, "warn");
            case "CODEX_MCP_JOB" ->
                report.note(name, "set: this process was started by a worker and will end with its job");
            case "CODEX_MCP_CODEX_BIN",
                    "CODEX_MCP_CALLBACK_URI",
                    "CODEX_MCP_JAVA_OPTS",
                    "CODEX_MCP_TOOLS",
                    "CODEX_MCP_LAUNCHER",
                    "CODEX_MCP_LAUNCHERS",
                    "CODEX_MCP_LAUNCHER_ENV",
                    "CODEX_MCP_DEFAULT_MODEL",
                    "CODEX_MCP_DEFAULT_EFFORT" -> {}
            default -> report.wrong(name, "unknown variable", "unset it, or correct its name (see the README)");
        }
    }

    private void checkNumber(String name, String value, long most) {
        if (!value.isEmpty() && !isPositive(value, most)) {
            report.wrong(
                    name,
                    "\"" + value + "\" is not a whole number from 1 to " + most + "; the server ignores it",
                    "set a number, or unset it");
        }
    }

    private static boolean isPositiveInteger(String value) {
        return isPositive(value, Integer.MAX_VALUE);
    }

    private static boolean isPositive(String value, long most) {
        try {
            long number = Long.parseLong(value);
            return number > 0 && number <= most;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void checkWord(String name, String value, List<String> words, String byDefault) {
        if (!value.isEmpty() && !words.contains(value)) {
            report.wrong(
                    name,
                    "\"" + value + "\" is not one of " + String.join(", ", words) + "; the server uses " + byDefault,
                    "set one of them, or unset it");
        }
    }
}

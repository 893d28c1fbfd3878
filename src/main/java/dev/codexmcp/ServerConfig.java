package dev.codexmcp;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.NodeEnvironment;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Limits;
import dev.codexmcp.job.SchedulerConfig;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.job.changes.ChangeSettings;
import dev.codexmcp.tool.HostTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The server's settings, read from the environment once at startup.
 *
 * @param scheduler how many jobs may run and wait, and the scheduling of calls that name none
 * @param defaultSandbox the sandbox of a call that names none
 * @param cli locates the Codex CLI
 * @param tools the tools to list, as written in the environment; empty: all
 * @param controlSocket whether to open the control socket with the first job
 * @param maxDepth the nesting depth at which servers start no more workers; empty: no limit
 * @param snapshots whether to take snapshots of the trees that workers change
 * @param hosts how long calls may take
 * @param stateless whether to speak MCP 2026-07-28, too
 * @param journal the folder for the journal of jobs and their threads; empty: none is kept
 */
public record ServerConfig(
        SchedulerConfig scheduler,
        Sandbox defaultSandbox,
        CodexCli cli,
        Optional<String> tools,
        boolean controlSocket,
        OptionalInt maxDepth,
        boolean snapshots,
        HostTable hosts,
        boolean stateless,
        Optional<Path> journal) {
    private static final String MAX_JOBS = "CODEX_MCP_MAX_JOBS";
    private static final String DEFAULT_SANDBOX = "CODEX_MCP_DEFAULT_SANDBOX";
    private static final String TOOLS = "CODEX_MCP_TOOLS";
    private static final String MAX_DEPTH = "CODEX_MCP_MAX_DEPTH";
    private static final String MAX_WAIT_MS = "CODEX_MCP_MAX_WAIT_MS";

    /** A setting of Claude Code, which passes its environment on. */
    private static final String CLAUDE_TOOL_TIMEOUT = "MCP_TOOL_TIMEOUT";

    private static final String QUEUE = "CODEX_MCP_QUEUE";
    private static final String SNAPSHOTS = "CODEX_MCP_SNAPSHOTS";
    private static final int DEFAULT_MAX_JOBS = 32;

    /**
     * Reads the variables. An invalid value counts as unset.
     *
     * @param complain receives one line for each invalid value
     */
    static ServerConfig of(Map<String, String> environment, Consumer<String> complain) {
        return new ServerConfig(
                scheduler(environment, complain),
                sandbox(value(environment, DEFAULT_SANDBOX), complain),
                new CodexCli(
                        value(environment, "CODEX_MCP_CODEX_BIN"),
                        environment.getOrDefault("PATH", ""),
                        isOn(environment, "CODEX_MCP_NATIVE", complain)
                                ? Optional.of(NodeEnvironment.of(environment))
                                : Optional.empty()),
                value(environment, TOOLS),
                isOn(environment, "CODEX_MCP_SOCKET", complain),
                maxDepth(value(environment, MAX_DEPTH), complain),
                isOn(environment, SNAPSHOTS, complain),
                new HostTable(
                        maxWait(value(environment, MAX_WAIT_MS), complain),
                        millis(value(environment, CLAUDE_TOOL_TIMEOUT))),
                isOn(environment, "CODEX_MCP_STATELESS", complain),
                isOn(environment, "CODEX_MCP_JOURNAL", complain)
                        ? Optional.of(StateFolder.of(environment).resolve("journal"))
                        : Optional.empty());
    }

    /** How to find out what jobs change. */
    ChangeSettings changes(Map<String, String> environment) {
        return new ChangeSettings(
                snapshots ? Optional.empty() : Optional.of("This server takes no snapshots (" + SNAPSHOTS + "=off)"),
                StateFolder.of(environment),
                environment);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static SchedulerConfig scheduler(Map<String, String> environment, Consumer<String> complain) {
        int jobs = number(environment, MAX_JOBS, complain).orElse(DEFAULT_MAX_JOBS);
        return new SchedulerConfig(
                jobs,
                number(environment, "CODEX_MCP_MAX_READERS", complain).orElse(jobs),
                number(environment, "CODEX_MCP_MAX_WRITERS", complain).orElse(jobs),
                number(environment, "CODEX_MCP_MAX_QUEUED", complain).orElse(SchedulerConfig.DEFAULT_QUEUED),
                limit(environment, "CODEX_MCP_MAX_TOKENS", complain),
                new Scheduling(
                        queues(value(environment, QUEUE), complain),
                        0,
                        List.of(),
                        new Limits(
                                limit(environment, "CODEX_MCP_MAX_RUN_MS", complain),
                                limit(environment, "CODEX_MCP_MAX_IDLE_MS", complain),
                                OptionalLong.empty())),
                new WorkerOptions(
                        value(environment, "CODEX_MCP_DEFAULT_MODEL"),
                        value(environment, "CODEX_MCP_DEFAULT_EFFORT"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                StateFolder.of(environment));
    }

    /** A whole number from 1; empty if the variable is not set or not valid. */
    private static OptionalInt number(Map<String, String> environment, String name, Consumer<String> complain) {
        Optional<String> value = value(environment, name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number > 0) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // falls through to the complaint
        }
        complain.accept(name + " is \"" + value.get() + "\": it must be a whole number from 1 to " + Integer.MAX_VALUE
                + "; using " + (name.equals(MAX_JOBS) ? DEFAULT_MAX_JOBS : "its default"));
        return OptionalInt.empty();
    }

    /** Likewise, of any size: a fleet may well use more tokens than an int can count. */
    private static OptionalLong limit(Map<String, String> environment, String name, Consumer<String> complain) {
        Optional<String> value = value(environment, name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long limit = Long.parseLong(value.get());
            if (limit > 0) {
                return OptionalLong.of(limit);
            }
        } catch (NumberFormatException e) {
            // falls through to the complaint
        }
        complain.accept(name + " is \"" + value.get() + "\": it must be a whole number from 1 to " + Long.MAX_VALUE
                + "; using no limit");
        return OptionalLong.empty();
    }

    private static boolean queues(Optional<String> value, Consumer<String> complain) {
        if (value.isPresent() && !value.get().equals("1") && !value.get().equals("0")) {
            complain.accept(QUEUE + " is \"" + value.get() + "\": it must be 1 or 0; using 0");
        }
        return value.equals(Optional.of("1"));
    }

    private static OptionalInt maxDepth(Optional<String> value, Consumer<String> complain) {
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int depth = Integer.parseInt(value.get());
            if (depth >= 0) {
                return OptionalInt.of(depth);
            }
        } catch (NumberFormatException e) {
            // falls through to the complaint
        }
        complain.accept(MAX_DEPTH + " is \"" + value.get() + "\": it must be a whole number from 0 to "
                + Integer.MAX_VALUE + "; using no limit");
        return OptionalInt.empty();
    }

    private static OptionalLong maxWait(Optional<String> value, Consumer<String> complain) {
        OptionalLong wait = millis(value);
        if (value.isPresent() && wait.isEmpty()) {
            complain.accept(MAX_WAIT_MS + " is \"" + value.get() + "\": it must be a whole number from 1 to "
                    + Integer.MAX_VALUE + ", in milliseconds; ignoring it");
        }
        return wait;
    }

    /** Empty if it is no positive number of milliseconds. */
    private static OptionalLong millis(Optional<String> value) {
        try {
            int millis = Integer.parseInt(value.orElse("0"));
            return millis > 0 ? OptionalLong.of(millis) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static boolean isOn(Map<String, String> environment, String name, Consumer<String> complain) {
        Optional<String> value = value(environment, name);
        if (value.isPresent() && !value.get().equals("on") && !value.get().equals("off")) {
            complain.accept(name + " is \"" + value.get() + "\": it must be on or off; using on");
        }
        return !value.equals(Optional.of("off"));
    }

    private static Sandbox sandbox(Optional<String> value, Consumer<String> complain) {
        Optional<Sandbox> sandbox = value.flatMap(Sandbox::of);
        if (value.isPresent() && sandbox.isEmpty()) {
            complain.accept(DEFAULT_SANDBOX + " is \"" + value.get() + "\": it must be one of "
                    + String.join(", ", Sandbox.words()) + "; using " + Sandbox.WORKSPACE_WRITE.wire());
        }
        return sandbox.orElse(Sandbox.WORKSPACE_WRITE);
    }
}

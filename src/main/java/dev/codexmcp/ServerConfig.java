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
    private static final String NO_LIMIT = "using no limit";
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
                toInt(whole(environment, MAX_DEPTH, 0, Integer.MAX_VALUE, NO_LIMIT, complain)),
                isOn(environment, SNAPSHOTS, complain),
                new HostTable(
                        whole(environment, MAX_WAIT_MS, 1, Integer.MAX_VALUE, "ignoring it", complain),
                        // the host's own setting: an invalid value is not for this server to report
                        whole(environment, CLAUDE_TOOL_TIMEOUT, 1, Integer.MAX_VALUE, "", complaint -> {})),
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
        String otherwise = "using " + (name.equals(MAX_JOBS) ? DEFAULT_MAX_JOBS : "its default");
        return toInt(whole(environment, name, 1, Integer.MAX_VALUE, otherwise, complain));
    }

    /** Likewise, of any size: a fleet may well use more tokens than an int can count. */
    private static OptionalLong limit(Map<String, String> environment, String name, Consumer<String> complain) {
        return whole(environment, name, 1, Long.MAX_VALUE, NO_LIMIT, complain);
    }

    private static OptionalInt toInt(OptionalLong number) {
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /**
     * A whole number in a range; empty if the variable is not set or not valid.
     *
     * @param otherwise what happens if it is not valid, for the complaint
     */
    private static OptionalLong whole(
            Map<String, String> environment,
            String name,
            long least,
            long most,
            String otherwise,
            Consumer<String> complain) {
        Optional<String> value = value(environment, name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(value.get());
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // falls through to the complaint
        }
        complain.accept(name + " is \"" + value.get() + "\": it must be a whole number from " + least + " to " + most
                + "; " + otherwise);
        return OptionalLong.empty();
    }

    private static boolean queues(Optional<String> value, Consumer<String> complain) {
        if (value.isPresent() && !value.get().equals("1") && !value.get().equals("0")) {
            complain.accept(QUEUE + " is \"" + value.get() + "\": it must be 1 or 0; using 0");
        }
        return value.equals(Optional.of("1"));
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

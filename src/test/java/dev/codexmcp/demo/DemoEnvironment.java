package dev.codexmcp.demo;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.McpServerCommand;
import dev.codexmcp.testkit.ModelServer;
import dev.codexmcp.testkit.ScratchFolders;
import dev.codexmcp.testkit.StandInCodex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo's environment: a scratch repository and a running server, with a scripted model unless the user's is used.
 * Closing it removes everything.
 */
final class DemoEnvironment implements AutoCloseable {

    /** Server variables that would change the demo. */
    private static final List<String> UNWANTED = List.of(
            "CODEX_MCP_DEFAULT_SANDBOX",
            "CODEX_MCP_MAX_READERS",
            "CODEX_MCP_MAX_WRITERS",
            "CODEX_MCP_MAX_RUN_MS",
            "CODEX_MCP_MAX_IDLE_MS",
            "CODEX_MCP_MAX_TOKENS",
            "CODEX_MCP_TOOLS",
            "CODEX_MCP_CALLBACK_URI");

    /** Fewer than the demo has jobs, so that one waits. */
    private static final String PERMITS = "2";

    private final Path top;
    private final Path scratch;
    private final Path repository;
    private final McpClient client;

    /** The clean-up steps, newest first. */
    private final Deque<Runnable> undo = new ArrayDeque<>();

    /**
     * @param cast the CLI that runs the workers
     * @param launcher where they run: a value for {@code CODEX_MCP_LAUNCHER}
     */
    DemoEnvironment(Path top, WorkerCli cast, String launcher) {
        this.top = top;
        boolean complete = false;
        try {
            scratch = Files.createTempDirectory("codex-mcp-demo-");
            undo.push(() -> ScratchFolders.deleteTree(scratch));
            repository = Files.createDirectory(scratch.resolve("tea-shop"));
            Map<String, String> environment =
                    new HashMap<>(Map.of("CODEX_MCP_MAX_JOBS", PERMITS, "CODEX_MCP_LAUNCHER", launcher));
            if (cast instanceof WorkerCli.Scripted scripted) {
                ModelServer model = ModelServer.start();
                undo.push(model::close);
                Path home = Files.createTempDirectory(Files.createDirectories(top.resolve("target")), "demo-home-");
                undo.push(() -> ScratchFolders.deleteTree(home));
                Path codex = scripted.codex().orElseGet(() -> StandInCodex.program(scratch, model));
                environment.putAll(CodexHome.create(home, model).environment());
                environment.put("CODEX_MCP_CODEX_BIN", codex.toString());
            }
            // The CLI's sandbox leaves files in the temp folder, especially if a worker is cancelled.
            environment.put(
                    "TMPDIR", Files.createDirectory(scratch.resolve("tmp")).toString());
            client = start(environment);
            undo.push(client::close);
            complete = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private McpClient start(Map<String, String> environment) {
        McpServerCommand builder =
                McpClient.server(List.of(top.resolve("scripts/codex-mcp-server").toString()));
        UNWANTED.forEach(builder::without);
        return builder.environment(environment).start();
    }

    McpClient client() {
        return client;
    }

    Path repository() {
        return repository;
    }

    void write(String file, String content) {
        try {
            Files.writeString(repository.resolve(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(String file) {
        try {
            return Files.exists(repository.resolve(file)) ? Files.readString(repository.resolve(file)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits the files to a new repository. */
    void commit() {
        git("init", "-q");
        git("add", "-A");
        git("-c", "user.name=demo", "-c", "user.email=demo@localhost", "commit", "-q", "-m", "A tea shop");
    }

    String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs the orchestration skill's script that records the tree and restores single files. */
    String baseline(String... arguments) {
        Path script = top.resolve(".codex/skills/codex-subagent-orchestrator/scripts/baseline");
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private String run(List<String> command) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(repository.toFile()).redirectErrorStream(true);
            // The record of the tree is deleted with the rest.
            builder.environment().put("TMPDIR", scratch.resolve("tmp").toString());
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new DemoFailure(String.join(" ", command) + " failed: " + output.strip());
            }
            return output.stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted");
        }
    }

    /** Ends the workers and the server, then removes their files. */
    @Override
    public synchronized void close() {
        List<AssertionError> failures = new ArrayList<>();
        while (!undo.isEmpty()) {
            Runnable step = undo.pop();
            try {
                step.run();
            } catch (AssertionError e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}

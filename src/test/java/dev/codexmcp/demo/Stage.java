package dev.codexmcp.demo;

import dev.codexmcp.kit.CodexHome;
import dev.codexmcp.kit.Folders;
import dev.codexmcp.kit.McpClient;
import dev.codexmcp.kit.ModelServer;
import dev.codexmcp.kit.RealCodex;
import dev.codexmcp.kit.StandInCodex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the demo plays: a scratch repository and a running server, with a model where none is at hand. All goes when it closes. */
final class Stage implements AutoCloseable {

    /** Variables of the server that would change the show. */
    private static final List<String> UNWANTED =
            List.of("CODEX_MCP_DEFAULT_SANDBOX", "CODEX_MCP_MAX_JOBS", "CODEX_MCP_CALLBACK_URI");

    private final Path top;
    private final Path scratch;
    private final Path repository;
    private final @Nullable Path home;
    private final @Nullable ModelServer model;
    private final McpClient client;
    private final String cli;
    private boolean closed;

    /** @param real whether the user's own CLI and login are used, instead of a scripted model */
    Stage(Path top, boolean real) {
        this.top = top;
        Made made = new Made();
        boolean complete = false;
        try {
            scratch = made.scratch = Files.createTempDirectory("codex-mcp-demo-");
            repository = Files.createDirectory(scratch.resolve("tea-shop"));
            Map<String, String> environment;
            if (real) {
                cli = OwnCodex.check();
                environment = new HashMap<>();
            } else {
                ModelServer server = made.model = ModelServer.start();
                Path folder = made.home =
                        Files.createTempDirectory(Files.createDirectories(top.resolve("target")), "demo-home-");
                Path codex;
                Path found = found();
                if (found == null) {
                    codex = StandInCodex.program(scratch, server);
                    cli = "a stand-in, since there is no Codex CLI here and npm could not bring it";
                } else {
                    codex = found;
                    cli = "the real one, " + found.toString().replace(System.getProperty("user.home") + "/", "~/");
                }
                environment = environment(CodexHome.create(folder, server), codex);
            }
            // What the CLI's sandbox leaves in the temp folder, above all where a worker is cancelled, goes with the
            // rest.
            environment.put(
                    "TMPDIR", Files.createDirectory(scratch.resolve("tmp")).toString());
            home = made.home;
            model = made.model;
            client = start(environment);
            complete = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!complete) {
                made.remove();
            }
        }
    }

    /** What is there already when something goes wrong half-way. */
    private static final class Made {
        private @Nullable Path scratch;
        private @Nullable Path home;
        private @Nullable ModelServer model;

        private void remove() {
            if (model != null) {
                model.close();
            }
            if (home != null) {
                Folders.deleteTree(home);
            }
            if (scratch != null) {
                Folders.deleteTree(scratch);
            }
        }
    }

    private static @Nullable Path found() {
        try {
            return RealCodex.find().script();
        } catch (IllegalStateException | UncheckedIOException e) {
            return null;
        }
    }

    private static Map<String, String> environment(CodexHome home, Path codex) {
        Map<String, String> environment = new HashMap<>(home.environment());
        environment.put("CODEX_MCP_CODEX_BIN", codex.toString());
        return environment;
    }

    private McpClient start(Map<String, String> environment) {
        McpClient.Builder builder =
                McpClient.server(List.of(top.resolve("scripts/codex-mcp-server").toString()));
        UNWANTED.forEach(builder::without);
        return builder.environment(environment).start();
    }

    McpClient client() {
        return client;
    }

    /** The Codex CLI that is used, in words. */
    String cli() {
        return cli;
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

    /** Makes a repository of the files that have been written. */
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

    /** The script of the orchestration skill that records the tree and puts single files back. */
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
            // The record of the tree goes with the rest.
            builder.environment().put("TMPDIR", scratch.resolve("tmp").toString());
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new Problem(String.join(" ", command) + " failed: " + output.strip());
            }
            return output.stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("interrupted");
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (client) {
            client.closeStdin();
        } finally {
            if (model != null) {
                model.close();
            }
            if (home != null) {
                Folders.deleteTree(home);
            }
            Folders.deleteTree(scratch);
        }
    }
}

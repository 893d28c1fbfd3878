package dev.codexmcp.orchestration;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.CodexRun;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ModelServer;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.RealCodex;
import dev.codexmcp.testkit.ScratchFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The set-up for a boss and its workers: a scratch repository with the skill and a user's files, some uncommitted, a
 * scripted model, and a CODEX_HOME with the packaged server registered.
 */
final class BossFixture implements AutoCloseable {
    static final String SERVER = "codex-mcp-server";

    /** A tracked file with uncommitted changes by the user. */
    static final String DIRTY = "user.txt";

    /** An untracked file of the user. */
    static final String UNTRACKED = "notes/of the user.txt";

    private static final int PERMITS = 32;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String MARK = "ORCHESTRATION_MARK";

    private final Path repository;
    private final String mark = UUID.randomUUID().toString();
    private final ModelServer model = ModelServer.start();
    private final CodexHome home;
    private final Path temporary;
    private final Path skill;
    private final String head;

    private BossFixture(Path folder, String modelName, Map<String, String> files, int permits) {
        repository = ScratchFolders.fresh(folder.resolve("repository"));
        git("init", "-q");
        skill = Skill.copyInto(repository);
        write(DIRTY, "as committed\n");
        files.forEach(this::write);
        git("add", "-A");
        git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-q", "-m", "the start");
        write(DIRTY, "as committed\nand a line of the user\n");
        write(UNTRACKED, "remember\n");
        head = git("rev-parse", "HEAD");
        temporary = ScratchFolders.fresh(folder.resolve("tmp"));
        home = CodexHome.in(ScratchFolders.fresh(folder.resolve("home")), model.baseUrl())
                .model(modelName)
                .mcpServer(
                        SERVER,
                        List.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher"))),
                        Map.of(
                                "CODEX_MCP_CODEX_BIN",
                                RealCodex.find().script().toString(),
                                "JAVA_HOME",
                                System.getProperty("java.home"),
                                "CODEX_MCP_MAX_JOBS",
                                String.valueOf(permits),
                                MARK,
                                mark))
                .create();
    }

    /** A fixture with these files committed. */
    static BossFixture of(String name, Map<String, String> files) {
        return of(name, CodexHome.FUNCTION_MODEL, files);
    }

    static BossFixture of(String name, String modelName, Map<String, String> files) {
        return of(name, modelName, files, PERMITS);
    }

    /** A fixture whose server runs this many jobs at once. */
    static BossFixture of(String name, String modelName, Map<String, String> files, int permits) {
        return new BossFixture(Skill.ROOT.resolve("target/orchestration").resolve(name), modelName, files, permits);
    }

    Path repository() {
        return repository;
    }

    ModelServer model() {
        return model;
    }

    /** The shell command with which the boss runs the skill's script. */
    String baseline(String arguments) {
        return "sh '" + skill.resolve("scripts/baseline") + "' " + arguments;
    }

    Path skill() {
        return skill;
    }

    /** Runs a boss until it exits. */
    BossRun run(ModelScript script) {
        return run(script.prompt(), repository);
    }

    BossRun run(String prompt, Path directory) {
        Map<String, String> environment = new HashMap<>(home.environment());
        environment.put("TMPDIR", temporary.toString());
        CodexRun run = CodexRun.exec(
                LIMIT, RealCodex.find().script(), environment, directory, prompt, "--sandbox", "workspace-write");
        return new BossRun(run);
    }

    void write(String file, String content) {
        Path path = repository.resolve(file);
        try {
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.writeString(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    String read(String file) {
        return Skill.read(repository.resolve(file));
    }

    /** The changes against the commit, untracked files included. */
    Map<String, String> changes() {
        Map<String, String> changes = new LinkedHashMap<>();
        git("-c", "core.quotePath=false", "status", "--porcelain", "-z", "-uall")
                .lines()
                .flatMap(line -> List.of(line.split("\0", -1)).stream())
                .filter(entry -> entry.length() > 3)
                .forEach(entry -> {
                    Path path = repository.resolve(entry.substring(3));
                    changes.put(entry.substring(3), Files.exists(path) ? Skill.read(path) : "(deleted)");
                });
        return changes;
    }

    /** The user's changes before the run, as returned by {@link #changes}. */
    static Map<String, String> changesOfTheUser() {
        return Map.of(DIRTY, "as committed\nand a line of the user\n", UNTRACKED, "remember\n");
    }

    /** Whether HEAD has not moved and there is no new branch or stash. */
    boolean historyIsUntouched() {
        return git("rev-parse", "HEAD").equals(head)
                && git("for-each-ref").lines().count() == 1
                && git("stash", "list").isEmpty();
    }

    /** The processes of all jobs, and the server itself. */
    ProcessProbe processes() {
        return ProcessProbe.withVariable(MARK, mark);
    }

    @Override
    public void close() {
        model.close();
        processes().awaitNone();
    }

    private String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
            return output.stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException("git does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

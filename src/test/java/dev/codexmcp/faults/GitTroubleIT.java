package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git is missing, too old, or hangs, as on a dead network file system: workers and their answers don't depend on it. */
class GitTroubleIT {
    @TempDir
    Path scratch;

    private GitFolder repository;
    private ShellClient server;

    @BeforeEach
    void create() {
        ShellCodex.install(scratch);
        repository = GitFolder.create(scratch.resolve("repository"));
        server = start(Map.of());
    }

    @AfterEach
    void end() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    private ShellClient start(Map<String, String> variables) {
        ShellCodexServer made = ShellCodexServer.in(scratch);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            made = made.with(variable.getKey(), variable.getValue());
        }
        ShellClient client = made.start();
        client.initialize();
        return client;
    }

    /** Lets the next server run this as git. */
    private void git(String script) {
        server.close();
        ShellCodex.program(scratch.resolve("bin/git"), "#!/bin/sh\n" + script + "\n");
    }

    private String run(String prompt) {
        JobTools jobs = new JobTools(server);
        String job = jobs.spawn(
                Map.of("prompt", prompt, "workingDirectory", repository.root().toString()));
        assertThat(jobs.awaitEnd(job).path("status").asText()).isEqualTo("done");
        return job;
    }

    private void awaitGit() {
        Polling.until("git runs", () -> Files.exists(scratch.resolve("hangs")));
    }

    private static final String HANG = "touch $HOME/hangs; exec sleep 1000";

    @Test
    void aHangingGitDelaysNeitherWorkersNorTheEndOfTheServer() {
        git(HANG);
        server = start(Map.of("CODEX_MCP_MAX_WAIT_MS", "300"));
        String job = run("true");
        awaitGit();

        assertThat(server.call("codex_changes", Map.of("jobId", job)).text())
                .isEqualTo("Error in tool \"codex_changes\": Git needs longer to read the tree than a call may take. "
                        + "It continues: call again in a while.");
        server.closeStdin();
        server.awaitExit();

        Polling.until(
                "no git is left", () -> ProcessProbe.inDirectory(scratch).find().isEmpty());
    }

    @Test
    void aKilledServerLeavesNoHangingGit() {
        git("case \"$2\" in version|config) PATH=/usr/local/bin:/usr/bin:/bin; exec git \"$@\" ;; esac; " + HANG);
        server = start(Map.of());
        run("true");
        awaitGit();

        server.signal("KILL");
        server.awaitExit();

        Polling.until(
                "no git is left", () -> ProcessProbe.inDirectory(scratch).find().isEmpty());
    }

    @Test
    void anOldGitIsNamedWithWhatIsNeeded() {
        git("echo git version 2.20.1");
        server = start(Map.of());
        String job = run("echo x >new");

        String needs = "This server needs git 2.32; " + scratch.resolve("bin/git") + " is 2.20.";
        assertThat(server.call("codex_changes", Map.of("jobId", job)).text())
                .contains(
                        "The last snapshot failed: " + needs + " Without it, only the files of a worker's own patches");
        assertThat(server.call("codex_restore", Map.of("jobId", job)).text()).endsWith(needs);
        assertThat(server.call(
                                "codex_spawn",
                                Map.of(
                                        "prompt",
                                        "true",
                                        "workingDirectory",
                                        repository.root().toString(),
                                        "isolation",
                                        "worktree"))
                        .text())
                .contains(": " + needs + " ");
    }

    @Test
    void theNextServerDeletesTheSnapshotsOfAKilledOneAtItsStart() {
        run("echo x >new");
        Path snapshots = scratch.resolve(".local/state/codex-mcp-server/snapshots");
        Polling.until("a snapshot", () -> folders(snapshots) > 0);
        server.signal("KILL");
        server.awaitExit();
        assertThat(folders(snapshots)).isPositive();

        server = start(Map.of());
        server.ping();

        Polling.until("no snapshot is left", () -> folders(snapshots) == 0);
    }

    private static long folders(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queued jobs that need a worktree of their own. */
class IsolatedJobsIT {
    /** A git that creates no worktree before the file {@code go} exists. */
    private static final String SLOW_GIT = """
            #!/bin/sh
            case " $* " in *" worktree add "*)
                touch %1$s/adding
                until [ -e %1$s/go ]; do sleep 0.02; done ;;
            esac
            PATH=/usr/local/bin:/usr/bin:/bin
            exec git "$@"
            """;

    @TempDir
    Path scratch;

    private GitFolder repository;
    private ShellClient server;
    private JobTools jobs;

    @BeforeEach
    void start() {
        ShellCodex.install(scratch);
        ShellCodex.program(scratch.resolve("bin/git"), SLOW_GIT.formatted(scratch));
        repository = GitFolder.create(scratch.resolve("repository"));
        server = ShellCodexServer.in(scratch).start();
        server.initialize();
        jobs = new JobTools(server);
    }

    @AfterEach
    void end() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    private String spawn(String prompt, Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("prompt", prompt);
        arguments.put("workingDirectory", repository.root().toString());
        return jobs.spawn(arguments);
    }

    private String first() {
        return spawn("until [ -e " + scratch.resolve("end") + " ]; do sleep 0.02; done", Map.of());
    }

    @Test
    void aSlowRepositoryDelaysNoOtherStart() throws IOException {
        List<String> after = List.of(first());
        String isolated = spawn("pwd", Map.of("dependsOn", after, "isolation", "worktree"));
        String shared = spawn("pwd", Map.of("dependsOn", after, "priority", -1));
        Files.createFile(scratch.resolve("end"));

        assertThat(jobs.awaitEnd(shared).path("status").asText()).isEqualTo("done");

        assertThat(server.status(isolated)).isEqualTo("queued");
        Files.createFile(scratch.resolve("go"));
        assertThat(jobs.awaitEnd(isolated).path("status").asText()).isEqualTo("done");
    }

    @Test
    void everyChangeInAWorktreeIsKnownHoweverFastTheWorker() throws IOException {
        Files.createFile(scratch.resolve("go"));
        String job = spawn("echo x >new; echo more >>readme", Map.of("isolation", "worktree"));
        jobs.awaitEnd(job);

        JsonNode changes = server.call("codex_changes", Map.of("jobId", job)).json();

        assertThat(changes.path("files").toString())
                .isEqualTo("[{\"path\":\"new\",\"kind\":\"add\",\"by\":\"command\"},"
                        + "{\"path\":\"readme\",\"kind\":\"update\",\"by\":\"command\"}]");
        assertThat(changes.has("note")).isFalse();
    }

    @Test
    void aJobIsCanceledWhileItsWorktreeIsCreated() throws IOException {
        String isolated = spawn("pwd", Map.of("dependsOn", List.of(first()), "isolation", "worktree"));
        Files.createFile(scratch.resolve("end"));
        Polling.until("git runs", () -> Files.exists(scratch.resolve("adding")));

        assertThat(server.cancel(isolated, false)).isTrue();
        Files.createFile(scratch.resolve("go"));

        assertThat(jobs.awaitEnd(isolated).path("status").asText()).isEqualTo("canceled");
        Polling.until(
                "the worktree is gone",
                () -> repository.git("worktree", "list").lines().count() == 1
                        && repository.git("branch", "--list", "codex/*").isEmpty());
        JsonNode permits =
                server.call("codex_list", Map.of()).json().path("permits").path("used");
        assertThat(permits.asInt()).isZero();
    }

    @Test
    void aQueuedJobThatIsRedirectedKeepsItsOwnWorktreeAndWhatItDeclared() throws IOException {
        Files.createFile(scratch.resolve("go"));
        List<String> after = List.of(first());
        String isolated = spawn("pwd", Map.of("dependsOn", after, "isolation", "worktree"));
        String declared = spawn("pwd", Map.of("dependsOn", after, "writes", List.of("src/**")));
        server.call("codex_interrupt", Map.of("jobId", isolated, "newPrompt", "echo x >new"));
        server.call(
                "codex_interrupt",
                Map.of(
                        "jobId",
                        declared,
                        "newPrompt",
                        "until [ -e " + scratch.resolve("go2") + " ]; do sleep 0.02; done"));
        Files.createFile(scratch.resolve("end"));

        Path tree =
                Path.of(jobs.awaitEnd(isolated).path("worktree").path("path").asText());
        assertThat(tree.resolve("new")).hasContent("x");
        assertThat(repository.status()).isEmpty();
        Polling.until("the other runs", () -> server.status(declared).equals("running"));
        String meets = spawn("pwd", Map.of("queue", true, "writes", List.of("src/a")));
        assertThat(server.status(meets)).isEqualTo("queued");
        Files.createFile(scratch.resolve("go2"));
        assertThat(jobs.awaitEnd(meets).path("status").asText()).isEqualTo("done");
    }
}

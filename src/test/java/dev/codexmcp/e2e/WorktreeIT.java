package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.Polling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers with a worktree of their own. */
class WorktreeIT {
    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private static JsonNode spawn(McpClient client, ModelScript script, Path directory, Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("prompt", script.say("done").prompt());
        arguments.put("workingDirectory", directory.toString());
        arguments.put("sandbox", "workspace-write");
        arguments.put("isolation", "worktree");
        return client.call("codex_spawn", arguments).json();
    }

    private static JsonNode worktree(McpClient client, String job, String action) {
        return client.call("codex_worktree", Map.of("jobId", job, "action", action))
                .json();
    }

    @Test
    void theChangesOfAWorktreeAreAppliedAndItIsDiscarded() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        repository.write("src/a", "1\n").write(".gitignore", ".env\n").write(".worktreeinclude", ".env\n");
        repository.commit();
        repository.write(".env", "secret\n").write("mine", "by the user\n");
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);

        JsonNode spawned = spawn(
                client,
                ModelScript.script().addFile("b", "2").shell("cat ../.env > c; echo 2 >> a"),
                repository.path("src"),
                Map.of("label", "fix it"));
        String job = spawned.path("jobId").asText();
        Path tree = Path.of(spawned.path("worktree").path("path").asText());
        jobs.awaitEnd(job);

        assertThat(spawned.path("worktree").path("branch").asText()).isEqualTo("codex/fix-it-" + job);
        assertThat(jobs.status(job).path("worktree")).isEqualTo(spawned.path("worktree"));
        assertThat(repository.status()).containsExactly("?? mine");
        assertThat(tree.resolve("src/b")).hasContent("2");
        assertThatJson(client.call("codex_changes", Map.of("jobId", job)).json().toString())
                .inPath("$.files[*].path")
                .isEqualTo("[\"src/a\",\"src/b\",\"src/c\"]");

        JsonNode applied = worktree(client, job, "apply");

        assertThatJson(applied.toString()).inPath("$.applied").isEqualTo("[\"src/a\",\"src/b\",\"src/c\"]");
        assertThat(applied.path("conflicts")).isEmpty();
        assertThat(repository.status()).containsExactlyInAnyOrder(" M src/a", "?? mine", "?? src/b", "?? src/c");
        assertThat(repository.read("src/a") + repository.read("src/c")).isEqualTo("1\n2\nsecret\n");
        assertThat(worktree(client, job, "discard").path("worktree").isMissingNode())
                .isTrue();
        assertThat(tree).doesNotExist();
        assertThat(repository.git("branch", "--list", "codex/*")).isEmpty();
        assertThat(repository.git("worktree", "list").lines()).hasSize(1);
    }

    @Test
    void aConflictChangesNothingAndNamesTheJob() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String isolated = spawn(
                        client,
                        ModelScript.script().updateFile("readme", "two", "2").addFile("new", "n"),
                        repository.root(),
                        Map.of())
                .path("jobId")
                .asText();
        String shared = jobs.spawn(
                ModelScript.script()
                        .updateFile("readme", "two", "II")
                        .say("done")
                        .prompt(),
                repository.root(),
                "workspace-write");
        jobs.awaitEnd(isolated);
        jobs.awaitEnd(shared);

        JsonNode result = worktree(client, isolated, "apply");

        assertThat(result.path("applied")).isEmpty();
        assertThatJson(result.path("conflicts").toString())
                .isEqualTo("[{\"path\":\"readme\",\"jobs\":[\"" + shared + "\"]}]");
        assertThat(repository.read("readme")).isEqualTo("one\nII\nthree\n");
        assertThat(repository.status()).containsExactly(" M readme");
    }

    @Test
    void aWorktreeWithoutChangesGoesByItself() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        McpClient client = bench.start();
        JsonNode spawned = spawn(client, ModelScript.script().shell("ls"), repository.root(), Map.of());
        Path tree = Path.of(spawned.path("worktree").path("path").asText());
        new JobTools(client).awaitEnd(spawned.path("jobId").asText());

        Polling.until("the worktree is gone", () -> !Files.exists(tree));

        Polling.until(
                "its branch is gone",
                () -> repository.git("branch", "--list", "codex/*").isEmpty());
    }

    @Test
    void theNextServerRemovesTheUnchangedWorktreeOfAKilledOneAndKeepsTheOther() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        McpClient killed = bench.start();
        JsonNode changed = spawn(killed, ModelScript.script().addFile("a", "1"), repository.root(), Map.of());
        JsonNode unchanged = spawn(killed, ModelScript.script().gate("never"), repository.root(), Map.of());
        new JobTools(killed).awaitEnd(changed.path("jobId").asText());
        killed.kill();

        McpClient next = bench.start();
        new JobTools(next)
                .awaitEnd(spawn(next, ModelScript.script().shell("ls"), repository.root(), Map.of())
                        .path("jobId")
                        .asText());

        Path kept = Path.of(changed.path("worktree").path("path").asText());
        Path gone = Path.of(unchanged.path("worktree").path("path").asText());
        Polling.until("the unchanged one is gone", () -> !Files.exists(gone));
        assertThat(kept.resolve("a")).hasContent("1");
    }

    @Test
    void withoutACommitOrOutsideARepositoryNothingStarts() {
        Path plain = bench.folder("plain");
        GitFolder unborn = GitFolder.create(bench.folder("unborn"));
        unborn.git("update-ref", "-d", "HEAD");
        McpClient client = bench.start();

        JsonNode failed = client.call(
                        "codex_spawn",
                        Map.of("prompt", "x", "workingDirectory", unborn.root().toString(), "isolation", "worktree"))
                .result();
        JsonNode outside = client.call(
                        "codex_spawn", Map.of("prompt", "x", "workingDirectory", "/", "isolation", "worktree"))
                .result();

        assertThat(plain).isDirectory();
        assertThat(failed.path("isError").asBoolean()).isTrue();
        assertThat(failed.toString()).contains("needs a commit");
        assertThat(outside.toString()).contains("is in no git repository").contains("\"isError\":true");
        assertThat(client.call("codex_list", Map.of()).json().path("jobs")).isEmpty();
    }

    @Test
    void aQueuedJobWaitsForTheFilesThatARunningOneHasDeclared() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String first = declared(jobs, repository, "first", "first", "src/**");
        JsonNode second =
                client.call("codex_spawn", queued(repository, "src/a")).json();
        JsonNode other = client.call("codex_spawn", queued(repository, "lib/a")).json();
        Map<String, Object> now = new HashMap<>(queued(repository, "src/b"));
        now.put("queue", false);
        JsonNode overlapping = client.call("codex_spawn", now).json();

        assertThat(second.path("status").asText()).isEqualTo("queued");
        assertThat(other.path("status").asText()).isEqualTo("running");
        assertThatJson(overlapping.path("overlaps").toString())
                .isEqualTo("[{\"path\":\"src/b\",\"jobs\":[\"" + first + "\"]}]");
        assertThat(client.call("codex_list", Map.of("status", new String[] {"queued"}))
                        .json()
                        .path("jobs")
                        .path(0)
                        .path("doing")
                        .asText())
                .startsWith("waits for the files of ");
        bench.model().gate("first").open();
        assertThat(jobs.awaitEnd(second.path("jobId").asText()).path("status").asText())
                .isEqualTo("done");
    }

    private static String declared(JobTools jobs, GitFolder repository, String label, String gate, String writes) {
        return jobs.spawn(Map.of(
                "prompt",
                ModelScript.script().gate(gate).say("done").prompt(),
                "workingDirectory",
                repository.root().toString(),
                "sandbox",
                "workspace-write",
                "label",
                label,
                "writes",
                new String[] {writes}));
    }

    private static Map<String, Object> queued(GitFolder repository, String writes) {
        return Map.of(
                "prompt",
                ModelScript.script().say("done").prompt(),
                "workingDirectory",
                repository.root().toString(),
                "sandbox",
                "workspace-write",
                "queue",
                true,
                "writes",
                new String[] {writes});
    }
}

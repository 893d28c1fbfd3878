package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Going back to the state before a worker, through the tools and with real workers. */
class RestoreIT {
    private static final String WRITES = "workspace-write";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private static JsonNode restore(McpClient client, String job, Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("jobId", job);
        return client.call("codex_restore", arguments).json();
    }

    private static JsonNode changes(McpClient client, String job) {
        return client.call("codex_changes", Map.of("jobId", job)).json();
    }

    /** The first success criterion: two writers with files of their own, no conflict. */
    @Test
    void twoWritersWithFilesOfTheirOwnDoNotOverlap() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);

        String one = jobs.spawn(writer("one"), repository.root(), WRITES);
        String two = jobs.spawn(writer("two"), repository.root(), WRITES);
        client.call("codex_wait", Map.of("jobIds", List.of(one, two), "timeoutMs", 120_000));

        assertThat(changes(client, one).path("overlaps")).isEmpty();
        assertThatJson(changes(client, one).path("files").toString())
                .isEqualTo("[{\"path\":\"one.txt\",\"kind\":\"add\",\"by\":\"patch\"}]");
        assertThatJson(changes(client, two).path("files").toString())
                .isEqualTo("[{\"path\":\"two.txt\",\"kind\":\"add\",\"by\":\"patch\"}]");
    }

    private static String writer(String name) {
        return ModelScript.script()
                .meet("both", 2)
                .addFile(name + ".txt", "by " + name)
                .meet("written", 2)
                .say("done")
                .prompt();
    }

    /** The second: an overlap is seen, the tree goes back to what it was, and the work is done again in turn. */
    @Test
    void anOverlapIsDetectedAndUndoneAndTheWorkRedone() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        String start = "one\ntwo, by the user\nthree\n";
        repository.write("readme", start);
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String one = jobs.spawn(
                ModelScript.script()
                        .updateFile("readme", "one", "1")
                        .meet("written", 2)
                        .meet("both", 2)
                        .say("done")
                        .prompt(),
                repository.root(),
                WRITES);
        String two = jobs.spawn(
                ModelScript.script()
                        .meet("written", 2)
                        .updateFile("readme", "three", "3")
                        .meet("both", 2)
                        .say("done")
                        .prompt(),
                repository.root(),
                WRITES);
        JsonNode refused = client.call("codex_restore", Map.of("jobId", one)).result();
        assertThat(refused.path("isError").asBoolean()).isTrue();
        assertThat(refused.toString()).contains("Workers that may write run in");
        client.call("codex_wait", Map.of("jobIds", List.of(one, two), "timeoutMs", 120_000));

        assertThatJson(changes(client, two).path("overlaps").toString())
                .inPath("$[0].jobs")
                .isArray()
                .containsExactlyInAnyOrder(one, two);
        assertThatJson(restore(client, two, Map.of("dryRun", true)).toString())
                .inPath("$.restored")
                .isEqualTo("[\"readme\"]");
        assertThat(repository.read("readme")).isEqualTo("1\ntwo, by the user\n3\n");
        JsonNode restored = restore(client, two, Map.of());

        assertThatJson(restored.toString()).inPath("$.restored").isEqualTo("[\"readme\"]");
        assertThatJson(restored.toString()).inPath("$.undone[0].jobs").isEqualTo("[\"" + one + "\"]");
        assertThat(repository.read("readme")).isEqualTo(start);
        assertThat(Path.of(restored.path("copies").asText()).resolve("readme")).hasContent("1\ntwo, by the user\n3\n");
        for (String edit : List.of("one", "three")) {
            jobs.awaitEnd(jobs.spawn(
                    ModelScript.script()
                            .updateFile("readme", edit, edit + ", again")
                            .say("done")
                            .prompt(),
                    repository.root(),
                    WRITES));
        }
        assertThat(repository.read("readme")).isEqualTo("one, again\ntwo, by the user\nthree, again\n");
    }

    @Test
    void onlyWhatTheJobLeftIsRestored() throws Exception {
        GitFolder repository = GitFolder.create(bench.folder("repository")).write("untracked", "by the user\n");
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String job = jobs.spawn(
                ModelScript.script()
                        .addFile("new/file", "by the job")
                        .shell("rm readme; echo by the job > untracked; echo by the job > edited; echo x > .hidden")
                        .say("done")
                        .prompt(),
                repository.root(),
                WRITES);
        jobs.awaitEnd(job);
        changes(client, job);
        repository.write("edited", "by the user since\n");

        JsonNode one = restore(client, job, Map.of("paths", List.of("new", "readme")));
        JsonNode rest = restore(client, job, Map.of());

        assertThatJson(one.toString()).inPath("$.restored").isArray().containsExactlyInAnyOrder("new/file", "readme");
        assertThatJson(rest.toString())
                .inPath("$.restored")
                .isArray()
                .containsExactlyInAnyOrder(".hidden", "untracked");
        assertThatJson(rest.toString())
                .inPath("$.kept")
                .isArray()
                .contains(Map.of("path", "edited", "reason", "it has changed since"));
        assertThat(repository.read("readme")).isEqualTo("one\ntwo\nthree\n");
        assertThat(repository.read("untracked")).isEqualTo("by the user\n");
        assertThat(repository.read("edited")).isEqualTo("by the user since\n");
        assertThat(Files.exists(repository.path("new"))).isFalse();
    }

    @Test
    void noPathLeadsOutOfTheRepositoryOrIntoGit() {
        GitFolder repository = GitFolder.create(bench.folder("repository"));
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String job =
                jobs.spawn(ModelScript.script().addFile("a", "1").say("done").prompt(), repository.root(), WRITES);
        jobs.awaitEnd(job);

        for (String path : List.of("../out", "/etc/passwd", "a/../../out")) {
            JsonNode result = client.call("codex_restore", Map.of("jobId", job, "paths", List.of(path)))
                    .result();
            assertThat(result.toString()).contains("outside").contains("\"isError\":true");
        }
        for (String path : List.of(".git/config", ".GIT/config", "a/x")) {
            assertThatJson(restore(client, job, Map.of("paths", List.of(path))).toString())
                    .inPath("$.kept[0].reason")
                    .isEqualTo("the job has not changed it");
        }
    }
}

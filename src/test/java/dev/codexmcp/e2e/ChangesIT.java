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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What workers have changed, as the tools show it. */
class ChangesIT {
    private static final String WRITES = "workspace-write";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private GitFolder repository() {
        return GitFolder.create(bench.folder("repository"));
    }

    private static String run(JobTools jobs, ModelScript script, GitFolder repository) {
        String job = jobs.spawn(script.say("done").prompt(), repository.root(), WRITES);
        jobs.awaitEnd(job);
        return job;
    }

    private static JsonNode changes(McpClient client, String job) {
        return client.call("codex_changes", Map.of("jobId", job)).json();
    }

    @Test
    void patchesAndCommandsAreDistinguishedAndTheUsersFilesBelongToNoJob() {
        GitFolder repository = repository().write("mine.txt", "by the user\n");
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);

        String job = run(
                jobs,
                ModelScript.script()
                        .addFile("patched.txt", "by a patch")
                        .shell(
                                "echo by a command > 'with space.txt'; mv readme renamed; mkdir d; printf '\\000' > d/bin"),
                repository);

        assertThatJson(changes(client, job).toString()).isEqualTo("""
                {"root": "%s", "files": [
                  {"path": "d/bin", "kind": "add", "by": "command"},
                  {"path": "patched.txt", "kind": "add", "by": "patch"},
                  {"path": "renamed", "kind": "rename", "from": "readme", "by": "command"},
                  {"path": "with space.txt", "kind": "add", "by": "command"}],
                 "overlaps": []}""".formatted(repository.root()));
        assertThatJson(client.call("codex_changes", Map.of("jobId", job, "view", "stat", "path", "patched.txt"))
                        .json()
                        .path("files")
                        .toString())
                .isEqualTo("[{\"path\":\"patched.txt\",\"kind\":\"add\",\"by\":\"patch\",\"added\":1,\"removed\":0}]");
    }

    @Test
    void thePatchOfAJobAppliesToTheTreeBeforeIt() {
        GitFolder repository = repository();
        McpClient client = bench.start();
        String job = run(
                new JobTools(client),
                ModelScript.script().shell("sed -i s/two/2/ readme; printf 'a\\000b' > bin; ln -s readme link"),
                repository);

        String patch = client.call("codex_changes", Map.of("jobId", job, "view", "patch"))
                .json()
                .path("patch")
                .asText();

        GitFolder other = GitFolder.create(bench.folder("other"));
        other.write("../p", patch).git("apply", "../p");
        assertThat(other.read("readme")).isEqualTo("one\n2\nthree\n");
        assertThat(other.read("bin")).isEqualTo("a\0b");
        assertThat(Files.isSymbolicLink(other.path("link"))).isTrue();
    }

    @Test
    void aFileThatTwoRunningJobsPatchIsAnOverlap() {
        GitFolder repository = repository();
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        ModelScript first = ModelScript.script()
                .updateFile("readme", "one", "1")
                .meet("written", 2)
                .gate("end")
                .say("done");
        ModelScript second = ModelScript.script()
                .meet("written", 2)
                .updateFile("readme", "two", "2")
                .gate("end")
                .say("done");

        String one = jobs.spawn(first.prompt(), repository.root(), WRITES);
        String two = jobs.spawn(second.prompt(), repository.root(), WRITES);

        JsonNode woken = client.call("codex_wait", Map.of("wakeOnAttention", true, "timeoutMs", 120_000))
                .json();
        assertThatJson(woken.path("attention").toString())
                .inPath("$[*].attention")
                .isEqualTo("[[\"overlap\"],[\"overlap\"]]");
        assertThatJson(changes(client, one).path("overlaps").toString())
                .inPath("$[0].jobs")
                .isArray()
                .containsExactlyInAnyOrder(one, two);
        bench.model().gate("end").open();
        jobs.awaitEnd(one);
        jobs.awaitEnd(two);
        JsonNode list = client.call("codex_list", Map.of()).json();
        assertThat(list.path("jobs").findValues("attention")).isEmpty();
    }

    @Test
    void resultsNameWhatCommandsWroteOnceTheSnapshotIsThere() {
        GitFolder repository = repository();
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String job = run(jobs, ModelScript.script().addFile("a", "1").shell("echo 2 > b"), repository);
        Path a = repository.path("a");
        Path b = repository.path("b");

        assertThat(JobTools.texts(jobs.fullResult(job).path("modifiedFiles"))).contains(a.toString());
        Polling.until(
                "git adds the file that a command wrote",
                () -> JobTools.texts(jobs.fullResult(job).path("modifiedFiles")).contains(b.toString()));
    }

    @Test
    void aServerWithoutWritersCreatesNothingAndAClosedOneLeavesNoSnapshots() throws Exception {
        GitFolder repository = repository();
        Path state = bench.folder("state").resolve("codex-mcp-server");
        McpClient client = bench.start(bench.server()
                .environment(Map.of("XDG_STATE_HOME", bench.folder("state").toString())));
        JobTools jobs = new JobTools(client);
        String reader = jobs.spawn(ModelScript.script().say("read").prompt(), repository.root(), "read-only");
        jobs.awaitEnd(reader);
        assertThat(state.resolve("snapshots")).doesNotExist();
        assertThat(changes(client, reader).path("note").asText()).contains("read-only");

        String job = run(jobs, ModelScript.script().shell("echo 2 > b"), repository);
        assertThat(changes(client, job).path("files")).hasSize(1);
        client.close();

        for (String folder : List.of("snapshots", "scratch")) {
            try (Stream<Path> left = Files.walk(state.resolve(folder))) {
                assertThat(left.filter(Files::isRegularFile)).allMatch(file -> file.endsWith(".making"));
            }
        }
        assertThat(repository.git("count-objects")).startsWith("3 objects");
    }
}

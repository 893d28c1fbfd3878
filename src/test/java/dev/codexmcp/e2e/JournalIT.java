package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.McpServerCommand;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.ToolOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What outlives the server: which thread each job had. */
class JournalIT {
    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private Path state() {
        return bench.folder("state é");
    }

    private McpServerCommand server() {
        return bench.server().environment(Map.of("XDG_STATE_HOME", state().toString()));
    }

    private List<Path> journals() {
        Path folder = state().resolve("codex-mcp-server/journal");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> lines(Path journal) {
        try {
            return Files.readAllLines(journal).stream().map(TestJson::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLines(int count) {
        Polling.until(
                count + " lines in the journals",
                () -> journals().stream().mapToInt(file -> lines(file).size()).sum() >= count);
    }

    private static String error(McpClient client, String tool, Map<String, ?> arguments) {
        ToolOutput answer = client.call(tool, arguments);
        assertThat(answer.isError()).as(answer.text()).isTrue();
        return answer.text();
    }

    private String lastInput() {
        List<ModelRequest> requests = bench.model().requests();
        return requests.get(requests.size() - 1).body().path("input").toString();
    }

    @Test
    void afterAKillTheNextServerContinuesEveryThread() throws IOException {
        McpClient killed = bench.start(server());
        JobTools before = new JobTools(killed);
        Map<String, String> jobs = new LinkedHashMap<>();
        for (int i = 0; i < 8; i++) {
            String jobId = before.spawn(Map.of(
                    "prompt",
                    ModelScript.script()
                            .remark("the secret of this job is " + i * 111)
                            .shell("sleep 300")
                            .prompt(),
                    "label",
                    "part " + i,
                    "sandbox",
                    i % 2 == 0 ? "read-only" : "workspace-write",
                    "workingDirectory",
                    bench.folder("work " + i).toString()));
            jobs.put(jobId, "");
        }
        jobs.replaceAll((jobId, unknown) -> {
            before.awaitEvent(
                    jobId, "command", event -> event.path("type").asText().equals("tool_call"));
            return before.status(jobId).path("threadId").asText();
        });
        awaitLines(8);
        killed.kill();

        McpClient next = bench.start(server());
        JobTools after = new JobTools(next);
        int i = 0;
        List<String> followups = new ArrayList<>();
        for (Map.Entry<String, String> job : jobs.entrySet()) {
            assertThat(error(next, "codex_result", Map.of("jobId", job.getKey())))
                    .isEqualTo("Error in tool \"codex_result\": Unknown jobId \"" + job.getKey()
                            + "\": it was a job of another server, or of an earlier one, labelled \"part " + i
                            + "\". Its thread is "
                            + job.getValue() + ", its folder " + bench.folder("work " + i)
                            + ": codex_followup with that threadId continues it.");
            Map<String, String> which = i < 4 ? Map.of("threadId", job.getValue()) : Map.of("jobId", job.getKey());
            Map<String, Object> arguments = new LinkedHashMap<>(which);
            arguments.put("prompt", "what is the secret?");
            JsonNode answer = next.call("codex_followup", arguments).json();
            followups.add(answer.path("jobId").asText());
            assertThat(answer.path("threadId").asText()).isEqualTo(job.getValue());
            assertThat(answer.path("parentJobId").asText()).isEqualTo(job.getKey());
            assertThat(answer.path("label").asText()).isEqualTo("part " + i);
            assertThat(after.awaitEnd(followups.get(i)).path("status").asText()).isEqualTo("done");
            assertThat(lastInput()).containsSubsequence("the secret of this job is " + i * 111, "what is the secret?");
            JsonNode spawned = after.eventsSoFar(followups.get(i)).get(0).path("content");
            assertThat(spawned.path("effectiveSandbox").asText())
                    .isEqualTo(i % 2 == 0 ? "read-only" : "workspace-write");
            assertThat(JobTools.texts(spawned.path("args")))
                    .containsSubsequence("-C", bench.folder("work " + i).toString());
            i++;
        }
        assertThat(error(next, "codex_status", Map.of("jobId", "nobody")))
                .contains("Jobs live in this server's memory");
        assertThat(journals()).hasSize(2);
    }

    @Test
    void twoServersHaveAFileEachAndKnowWhoseJobsMayStillRun() {
        McpClient one = bench.start(server());
        McpClient two = bench.start(server());
        JobTools first = new JobTools(one);
        JobTools second = new JobTools(two);
        String running =
                first.spawn(ModelScript.script().gate("end").say("over").prompt(), bench.workspace(), "read-only");
        String ended = second.spawn("hello", bench.workspace(), "read-only");
        second.awaitEnd(ended);
        bench.model().gate("end").awaitArrivals(1);
        awaitLines(3);

        String live = error(two, "codex_status", Map.of("jobId", running));
        String refused = error(two, "codex_followup", Map.of("jobId", running, "prompt", "go on"));
        String over = error(one, "codex_status", Map.of("jobId", ended));
        bench.model().gate("end").open();
        first.awaitEnd(running);
        awaitLines(4);
        JsonNode later = two.call("codex_followup", Map.of("jobId", running, "prompt", "go on"))
                .json();

        assertThat(live).contains("it is a job of another server, where it may still be running", "once it has ended");
        assertThat(refused).contains("is in use by job " + running + " of another server");
        assertThat(over).contains("it was a job of another server");
        assertThat(second.awaitEnd(later.path("jobId").asText()).path("status").asText())
                .isEqualTo("done");
        assertThat(journals()).hasSize(2);
    }

    @Test
    void onlyItsOwnerReadsAJournalAndOldOnesGo() throws IOException {
        Path folder = Files.createDirectories(state().resolve("codex-mcp-server/journal"));
        Path old = Files.writeString(folder.resolve("old.jsonl"), "{}\n");
        Path recent = Files.writeString(folder.resolve("recent.jsonl"), "{\"jobId\":\"cut off");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
        Files.setLastModifiedTime(recent, FileTime.from(Instant.now().minus(Duration.ofDays(29))));
        McpClient client = bench.start(server());
        JobTools jobs = new JobTools(client);
        assertThat(journals()).hasSize(2); // nothing happens before the first job

        jobs.awaitEnd(jobs.spawn("hello", bench.workspace(), "read-only"));
        Polling.until("the old journal goes", () -> !Files.exists(old));

        Path own = journals().stream()
                .filter(file -> !file.equals(recent))
                .findFirst()
                .orElseThrow();
        assertThat(recent).exists();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rw-------");
        assertThat(error(client, "codex_status", Map.of("jobId", "cut off")))
                .contains("Jobs live in this server's memory");
    }

    @Test
    void aJournalThatCannotBeWrittenAffectsNoJob() throws IOException {
        Files.writeString(state().resolve("codex-mcp-server"), "a file in place of the folder");
        McpClient client = bench.start(server());
        JobTools jobs = new JobTools(client);

        for (int i = 0; i < 3; i++) {
            String jobId = jobs.spawn("hello " + i, bench.workspace(), "read-only");
            assertThat(jobs.awaitEnd(jobId).path("status").asText()).isEqualTo("done");
        }

        assertThat(error(client, "codex_status", Map.of("jobId", "nobody"))).contains("Unknown jobId \"nobody\"");
        client.end();
        assertThat(client.stderr().lines().filter(line -> line.contains("The journal can't be written")))
                .hasSize(1);
    }

    @Test
    void aJournalCanBeTurnedOff() {
        McpClient client = bench.start(server().environment(Map.of("CODEX_MCP_JOURNAL", "off")));
        JobTools jobs = new JobTools(client);

        jobs.awaitEnd(jobs.spawn("hello", bench.workspace(), "read-only"));
        client.end();

        assertThat(state().resolve("codex-mcp-server/journal")).doesNotExist();
    }
}

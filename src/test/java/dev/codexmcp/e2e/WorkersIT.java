package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers from spawn to result. */
class WorkersIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @ParameterizedTest
    @EnumSource
    void twoWorkersWriteTheirFilesAtTheSameTime(CliVariant cli) {
        JobTools jobs = new JobTools(bench.start(cli));

        String one = jobs.spawn(writeOnceBothAreThere("one.txt"), bench.workspace(), "workspace-write");
        String two = jobs.spawn(writeOnceBothAreThere("two.txt"), bench.workspace(), "workspace-write");
        String first = jobs.waitAny(Duration.ofMinutes(1), one, two).orElseThrow();
        jobs.awaitEnd(first.equals(one) ? two : one);

        assertThat(List.of(jobs.result(one), jobs.result(two))).containsExactly("wrote one.txt", "wrote two.txt");
        assertThat(bench.workspace().resolve("one.txt")).hasContent("by one.txt");
        assertThat(bench.workspace().resolve("two.txt")).hasContent("by two.txt");
        List<JsonNode> ofOne = jobs.eventsSoFar(one);
        List<JsonNode> ofTwo = jobs.eventsSoFar(two);
        assertThat(timeOfMessage(ofOne, "here comes one.txt")).isBefore(timeOfMessage(ofTwo, "wrote two.txt"));
        assertThat(timeOfMessage(ofTwo, "here comes two.txt")).isBefore(timeOfMessage(ofOne, "wrote one.txt"));
    }

    /** Prints a message, waits for the other worker, writes its file, prints another message. */
    private static String writeOnceBothAreThere(String file) {
        return ModelScript.script()
                .say("here comes " + file)
                .meet("both", 2)
                .addFile(file, "by " + file)
                .say("wrote " + file)
                .prompt();
    }

    private static Instant timeOfMessage(List<JsonNode> events, String text) {
        return events.stream()
                .filter(event -> event.path("content").path("text").asText().equals(text))
                .map(event -> Instant.parse(event.path("timestamp").asText()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no message \"" + text + "\" in " + events));
    }

    @Test
    void aDozenWorkersRunAtOnce() {
        JobTools jobs = new JobTools(bench.start());
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String prompt = ModelScript.script()
                    .meet("dozen", 12)
                    .shell("echo by " + i + " > file-" + i + ".txt")
                    .say("done " + i)
                    .prompt();
            ids.add(jobs.spawn(prompt, bench.workspace(), "workspace-write"));
        }

        for (int i = 0; i < 12; i++) {
            jobs.awaitEnd(ids.get(i));
            assertThat(jobs.result(ids.get(i))).isEqualTo("done " + i);
            assertThat(bench.workspace().resolve("file-" + i + ".txt")).hasContent("by " + i);
        }
    }

    @Test
    void everyResultAboutAJobHasItsLabel() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);

        JsonNode spawned = client.call(
                        "codex_spawn", Map.of("prompt", "hello", "label", "étape 1: \"café\"", "sandbox", "read-only"))
                .json();
        String jobId = spawned.path("jobId").asText();
        JsonNode status = jobs.awaitEnd(jobId);
        JsonNode full = jobs.fullResult(jobId);

        assertThatJson(spawned).isEqualTo("""
                {
                  jobId: '${json-unit.regex}[0-9a-f-]{36}',
                  status: 'running',
                  startedAt: '${json-unit.regex}\\\\d{4}-\\\\d\\\\d-\\\\d\\\\dT\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d\\\\.\\\\d{3}Z',
                  label: 'étape 1: "café"',
                  workingDirectory: '${json-unit.any-string}'
                }""");
        assertThatJson(status)
                .isEqualTo("""
                {
                  jobId: '%s',
                  status: 'done',
                  startedAt: '%s',
                  finishedAt: '${json-unit.regex}\\\\d{4}-\\\\d\\\\d-\\\\d\\\\dT\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d\\\\.\\\\d{3}Z',
                  exitCode: 0,
                  label: 'étape 1: "café"',
                  threadId: '${json-unit.regex}[0-9a-f-]{36}',
                  usage: {input: '${json-unit.any-number}', cached: '${json-unit.any-number}',
                      output: '${json-unit.any-number}', reasoning: '${json-unit.any-number}'}
                }""".formatted(jobId, spawned.path("startedAt").asText()));
        assertThatJson(full).isEqualTo("""
                {
                  jobId: '%s',
                  status: 'done',
                  startedAt: '%s',
                  finishedAt: '%s',
                  exitCode: 0,
                  label: 'étape 1: "café"',
                  threadId: '%s',
                  usage: {input: 100, cached: 10, output: 20, reasoning: 5},
                  finalMessage: 'hello',
                  stdoutTail: '${json-unit.any-string}',
                  stderrTail: '${json-unit.any-string}'
                }""".formatted(
                        jobId,
                        spawned.path("startedAt").asText(),
                        status.path("finishedAt").asText(),
                        status.path("threadId").asText()));
        assertThat(jobs.eventsSoFar(jobId).get(0).path("content").path("label").asText())
                .isEqualTo("étape 1: \"café\"");
    }

    @Test
    void theResultOfARunningJobIsItsLastMessageSoFar() {
        JobTools jobs = new JobTools(bench.start());
        String jobId = jobs.spawn(
                ModelScript.script()
                        .gate("first")
                        .say("half-way")
                        .gate("second")
                        .say("all done")
                        .prompt(),
                bench.workspace(),
                "read-only");

        assertThat(jobs.result(jobId)).isEmpty();
        bench.model().gate("first").open();
        jobs.awaitEvent(jobId, "message", event -> event.path("type").asText().equals("message"));
        assertThat(jobs.result(jobId)).isEqualTo("half-way");
        assertThat(jobs.status(jobId).path("status").asText()).isEqualTo("running");
        bench.model().gate("second").open();
        jobs.awaitEnd(jobId);

        assertThat(jobs.result(jobId)).isEqualTo("all done");
    }

    @Test
    void aWorkerGetsTheModelEffortAndFolderOfItsSpawn() {
        JobTools jobs = new JobTools(bench.start());
        Path folder = bench.folder("with spaces and \"quotes\"");

        String jobId = jobs.spawn(Map.of(
                "prompt",
                ModelScript.script().shell("pwd > here.txt").say("done").prompt(),
                "model",
                "gpt-6-sol",
                "reasoningEffort",
                "xhigh",
                "workingDirectory",
                folder.toString()));
        jobs.awaitEnd(jobId);

        assertThat(jobs.result(jobId)).isEqualTo("done");
        assertThat(folder.resolve("here.txt")).hasContent(folder.toString());
        JsonNode request = bench.model().requests().get(0).body();
        assertThat(request.path("model").asText()).isEqualTo("gpt-6-sol");
        assertThat(request.path("reasoning").path("effort").asText()).isEqualTo("xhigh");
    }
}

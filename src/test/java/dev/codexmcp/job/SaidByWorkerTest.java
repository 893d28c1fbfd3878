package dev.codexmcp.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.log.FakeLogs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a worker's output for status, results and progress. */
class SaidByWorkerTest {
    private static final Path FIXTURES = Path.of("src/test/resources/codex-0.169.0");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "turn-failed | We’re currently experiencing high demand, which may cause temporary errors.",
                "turn-failed-after-message | stream disconnected before completion: x boom",
                "message-and-reasoning |",
                "collab-agents-v1 |",
            })
    void theLastErrorIsTheFailureOfTheTurn(String fixture, @Nullable String expected) throws Exception {
        Job job = WorkerlessJobs.done(Files.readString(FIXTURES.resolve(fixture + ".jsonl")));

        assertThat(job.output().lastError().orElse(null)).isEqualTo(expected);
    }

    @Test
    void withoutAFailedTurnTheLastErrorIsTheLastReportedOne() {
        assertThat(WorkerlessJobs.done(WorkerlessJobs.error("one") + WorkerlessJobs.error("two"))
                        .output()
                        .lastError())
                .contains("two");
        assertThat(WorkerlessJobs.done("{\"type\":\"turn.failed\",\"error\":{\"message\":\"end\"}}\n"
                                + WorkerlessJobs.error("later"))
                        .output()
                        .lastError())
                .contains("end");
    }

    @Test
    void theThreadIsTheOneTheWorkerStarted() {
        assertThat(WorkerlessJobs.done("{\"type\":\"thread.started\",\"thread_id\":\"t-1\"}\n")
                        .output()
                        .threadId())
                .contains("t-1");
        assertThat(WorkerlessJobs.done("").output().threadId()).isEmpty();
    }

    @Test
    void theFilesChangedByPatchesAreListedOnceInOrder() throws Exception {
        Job job = WorkerlessJobs.done(Files.readString(FIXTURES.resolve("file-change.jsonl")));

        assertThat(job.output().changedFiles()).containsExactly("/workspace/demo/a.txt", "/workspace/demo/b.txt");
    }

    @Test
    void aFailedOrUnfinishedPatchChangesNothing() {
        assertThat(WorkerlessJobs.done(patch("item.completed", "failed", "{\"path\":\"a\"}")
                                + patch("item.started", "in_progress", "{\"path\":\"b\"}")
                                + patch(
                                        "item.completed",
                                        "completed",
                                        "{\"path\":\"c\",\"kind\":\"add\"},{\"path\":\"d\"}")
                                + patch("item.completed", "completed", ""))
                        .output()
                        .changedFiles())
                .containsExactly("c", "d");
    }

    @Test
    void aFileNameIsDecodedAndBrokenBytesAreReplaced() {
        byte[] line = patch("item.completed", "completed", "{\"path\":\"\\u00e9 \\ud83d\\ude00 \\ud800 ~\"}")
                .getBytes(UTF_8);
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '~' ? (byte) 0xFF : line[i];
        }
        Job job = WorkerlessJobs.running();
        FakeLogs.say(job.output().events(), line);

        assertThat(job.output().changedFiles()).containsExactly("é 😀 \uFFFD \uFFFD");
    }

    @Test
    void aByteOrderMarkBeforeALineHidesNothing() {
        Job job = WorkerlessJobs.done("\uFEFF" + patch("item.completed", "completed", "{\"path\":\"a\"}") + "\uFEFF"
                + WorkerlessJobs.message("hi") + "\uFEFF" + WorkerlessJobs.error("oh"));

        assertThat(job.output().changedFiles()).containsExactly("a");
        assertThat(job.output().lastMessage()).contains("hi");
        assertThat(job.output().lastError()).contains("oh");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"turn.started\"} | working",
                "{\"type\":\"item.started\",\"item\":{\"type\":\"command_execution\",\"command\":\"/bin/bash -lc 'ls -l'\"}} | running: ls -l",
                "{\"type\":\"item.completed\",\"item\":{\"type\":\"command_execution\",\"command\":\"make  all\"}} | ran: make all",
                "{\"type\":\"item.completed\",\"item\":{\"type\":\"file_change\",\"changes\":[{\"path\":\"a\"},{\"path\":\"b\"}],\"status\":\"completed\"}} | edited a, b",
                "{\"type\":\"item.started\",\"item\":{\"type\":\"mcp_tool_call\",\"tool\":\"ping\"}} | calling ping",
                "{\"type\":\"item.started\",\"item\":{\"type\":\"web_search\",\"query\":\"java mcp\"}} | searching: java mcp",
                "{\"type\":\"item.started\",\"item\":{\"type\":\"collab_tool_call\",\"tool\":\"wait\"}} | calling wait",
                "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\" two\\n lines \"}} | two lines",
                "{\"type\":\"item.completed\",\"item\":{\"type\":\"reasoning\",\"text\":\"hm\"}} | thinking: hm",
                "{\"type\":\"item.updated\",\"item\":{\"type\":\"todo_list\",\"items\":[]}} | planning",
                "{\"type\":\"error\",\"message\":\"Reconnecting... 2/5\"} | error: Reconnecting... 2/5",
                "{\"type\":\"item.completed\",\"item\":{\"type\":\"error\",\"message\":\"careful\"}} | warning: careful",
                "{\"type\":\"something.new\"} |",
                "not json |",
            })
    void theProgressOfAWorkerIsSummarized(String line, @Nullable String expected) {
        Job job = WorkerlessJobs.running();
        WorkerlessJobs.say(job, line + "\n");

        assertThat(job.output().progress(0).orElse(null)).isEqualTo(expected);
    }

    @Test
    void theProgressComesFromTheLastRelevantEventSinceTheGivenOne() {
        Job job = WorkerlessJobs.running();
        WorkerlessJobs.say(job, WorkerlessJobs.message("one") + WorkerlessJobs.message("x".repeat(500)) + "oops\n");

        assertThat(job.output().progress(0)).contains("x".repeat(120) + "…");
        assertThat(job.output().progress(3)).isEmpty();
        assertThat(job.output().progress(99)).isEmpty();
    }

    @Test
    void theLastTextsArePassedToASuccessorOldestFirst() {
        Job job = WorkerlessJobs.done(WorkerlessJobs.message("one")
                + "{\"type\":\"item.started\",\"item\":{\"type\":\"command_execution\",\"command\":\"ls\"}}\n"
                + "{\"type\":\"item.completed\",\"item\":{\"type\":\"reasoning\",\"text\":\"hm\"}}\n"
                + WorkerlessJobs.error("lost")
                + "{\"type\":\"item.completed\",\"item\":{\"type\":\"error\",\"message\":\"careful\"}}\n"
                + WorkerlessJobs.message("😀".repeat(1000))
                + "{\"type\":\"turn.failed\",\"error\":{\"message\":\"end\"}}\n");

        assertThat(job.output().said(25))
                .containsExactly(
                        "message: one",
                        "progress: hm",
                        "error: lost",
                        "error: careful",
                        "message: " + "😀".repeat(750) + "…",
                        "error: end");
        assertThat(job.output().said(2)).containsExactly("message: " + "😀".repeat(750) + "…", "error: end");
        assertThat(job.output().said(0)).isEmpty();
    }

    @Test
    void theRawOutputIsKeptUpToItsLast2MiB() {
        Job job = WorkerlessJobs.running();
        WorkerlessJobs.say(job, "€".repeat(1_000_000));
        FakeLogs.say(job.output().stderr(), ("é".repeat(2_000_000) + "\nlast words\n\n").getBytes(UTF_8));

        assertThat(job.output().stdoutTail()).isEqualTo("€".repeat(2 * 1024 * 1024 / 3));
        assertThat(job.output().stderrTail()).isEqualTo("é".repeat((2 * 1024 * 1024 - 13) / 2) + "\nlast words\n\n");
        assertThat(job.output().lastStderrLines(1)).containsExactly("last words");
    }

    private static String patch(String type, String status, String changes) {
        return "{\"type\":\"" + type + "\",\"item\":{\"id\":\"i\",\"type\":\"file_change\",\"changes\":[" + changes
                + "],\"status\":\"" + status + "\"}}\n";
    }
}

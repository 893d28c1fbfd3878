package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Every request is answered once, however many there are and whenever the client disconnects. */
class ManyRequestsIT {
    private static final int WAITS = 10_000;

    @TempDir
    Path scratch;

    private ShellClient server;

    @BeforeEach
    void startServer() {
        ShellCodex.install(scratch);
        server = ShellCodexServer.in(scratch).start();
        server.initialize();
    }

    @AfterEach
    void killWhatIsLeft() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    private static ObjectNode waitFor(long millis, String... jobs) {
        ObjectNode arguments = TestJson.object().put("timeoutMs", millis);
        List.of(jobs).forEach(arguments.putArray("jobIds")::add);
        return arguments;
    }

    /** Sends calls of a tool in a single write. */
    private List<CompletableFuture<JsonNode>> calls(int count, String tool, JsonNode arguments) {
        List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            lines.append(server.callLine(tool, arguments, answer));
            answers.add(answer);
        }
        server.sendText(lines.toString());
        return answers;
    }

    private void completed(List<CompletableFuture<JsonNode>> waits, String jobId) {
        for (CompletableFuture<JsonNode> wait : waits) {
            assertThat(Responses.json(server.get(wait)).path("completedJobId").asText())
                    .isEqualTo(jobId);
        }
    }

    @Test
    void tenThousandOpenWaitsDelayNothingAndAreEachAnsweredOnce(TestReporter reporter) {
        String first = server.spawn("mkfifo first; read -r line <first");
        String second = server.spawn("mkfifo second; read -r line <second");

        List<CompletableFuture<JsonNode>> onFirst = calls(WAITS / 2, "codex_wait_any", waitFor(300_000, first, second));
        List<CompletableFuture<JsonNode>> onSecond = calls(WAITS / 2 - 100, "codex_wait_any", waitFor(300_000, second));
        List<CompletableFuture<JsonNode>> brief = calls(100, "codex_wait_any", waitFor(1, second));
        List<CompletableFuture<JsonNode>> givenUp = calls(1, "codex_wait_any", waitFor(300_000, second));

        long start = System.nanoTime();
        server.ping();
        reporter.publishEntry(
                "ping after 10,000 waits took ms", String.valueOf((System.nanoTime() - start) / 1_000_000));
        String third = server.spawn("echo '{\"type\":\"turn.completed\"}'");
        server.awaitEnd(third);
        assertThat(server.events(third)).hasSize(3);
        assertThat(server.status(first)).isEqualTo("running");
        for (CompletableFuture<JsonNode> wait : brief) {
            assertThat(Responses.json(server.get(wait)).path("timedOut").asBoolean())
                    .isTrue();
        }
        assertThat(onFirst).noneMatch(CompletableFuture::isDone);
        assertThat(onSecond).noneMatch(CompletableFuture::isDone);

        ShellClient.run("sh", "-c", "echo >'" + scratch.resolve("first") + "'");
        completed(onFirst, first);
        server.ping();
        assertThat(onSecond).noneMatch(CompletableFuture::isDone);

        ShellClient.run("sh", "-c", "echo >'" + scratch.resolve("second") + "'");
        completed(onSecond, second);
        completed(givenUp, second);
    }

    @Test
    void cancelledWaitIsNeverAnswered() {
        String job = server.spawn("mkfifo gate; read -r line <gate");
        CompletableFuture<JsonNode> wait = server.ask("codex_wait_any", waitFor(300_000, job));
        CompletableFuture<JsonNode> other = server.ask("codex_wait_any", waitFor(300_000, job));
        int id = server.lastId() - 1;

        server.sendText(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + "}}\n");
        server.ping(); // once answered, the cancellation has been read
        Polling.until("the gate", () -> scratch.resolve("gate").toFile().exists());
        ShellClient.run("sh", "-c", "echo >'" + scratch.resolve("gate") + "'");

        completed(List.of(other), job);
        server.closeStdin();
        assertThat(server.awaitExit()).isZero();
        server.awaitAllRead();
        assertThat(wait).isNotDone();
    }

    @Test
    void everyRequestIsAnsweredIfTheClientClosesStdinAtOnce() {
        String running = server.spawn("sleep 1000");
        String silent = server.spawn("trap '' TERM; beat silent");
        List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        ObjectNode none = TestJson.object();
        for (int i = 0; i < 20; i++) {
            String[][] calls = {
                {"ping", "{}"},
                {"codex_status", "{\"jobId\":\"" + running + "\"}"},
                {"codex_wait_any", waitFor(300_000, running).toString()},
                {"codex_wait_any", waitFor(300_000, silent).toString()},
                {"codex_events", "{\"jobId\":\"" + running + "\"}"},
                {"codex_result", "{\"jobId\":\"nobody\"}"},
                {"codex_spawn", "{\"prompt\":\"sleep 1000\"}"}
            };
            for (String[] call : calls) {
                CompletableFuture<JsonNode> answer = new CompletableFuture<>();
                lines.append(server.callLine(call[0], TestJson.parse(call[1]), answer));
                answers.add(answer);
            }
            CompletableFuture<JsonNode> list = new CompletableFuture<>();
            lines.append(server.line("tools/list", none, list));
            answers.add(list);
        }

        server.sendText(lines.toString());
        server.closeStdin();

        assertThat(server.awaitExit()).isZero();
        server.awaitAllRead();
        assertThat(answers).allMatch(CompletableFuture::isDone);
        ProcessProbe.inDirectory(scratch).awaitNone();
    }
}

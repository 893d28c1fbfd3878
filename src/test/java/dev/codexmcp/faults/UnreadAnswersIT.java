package dev.codexmcp.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.ResourceUsage;
import dev.codexmcp.testkit.TestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that does not read its answers blocks only itself. */
@Tag("slow")
class UnreadAnswersIT {
    private static final int HEAP_MIB = 128;

    @TempDir
    Path scratch;

    private ShellClient server;
    private WorkerTree tree;

    @BeforeEach
    void startServer() {
        ShellCodex.install(scratch);
        server = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_JAVA_OPTS", "-Xmx" + HEAP_MIB + "m")
                .startUnread();
        tree = WorkerTree.in(scratch, "tree");
    }

    @AfterEach
    void killWhatIsLeft() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    /** Sends requests on another thread, which will block as soon as the server stops reading. */
    private List<CompletableFuture<JsonNode>> flood(int count, String tool, JsonNode arguments, AtomicInteger sent) {
        List<String> lines = new ArrayList<>();
        List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            lines.add(server.callLine(tool, arguments, answer));
            answers.add(answer);
        }
        Thread thread = new Thread(() -> {
            for (String line : lines) {
                server.sendText(line);
                sent.incrementAndGet();
            }
        });
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> {}); // the server has exited
        thread.start();
        return answers;
    }

    private void awaitStuck(AtomicInteger sent) {
        AtomicInteger last = new AtomicInteger(-1);
        Polling.on("the server to stop reading")
                .pollInterval(Duration.ofMillis(500))
                .until(() -> sent.get() == last.getAndSet(sent.get()));
    }

    private long residentMib() throws IOException {
        return ResourceUsage.of(server.pid()).residentKib() / 1024;
    }

    @Test
    void jobsContinueInBoundedMemoryAndAllRequestsAreAnsweredOnceReadingStarts(TestReporter reporter) throws Exception {
        CompletableFuture<JsonNode> spawned =
                server.ask("codex_spawn", TestJson.object().put("prompt", tree.script()));
        tree.awaitAllAtWork();
        AtomicInteger sent = new AtomicInteger();
        JsonNode message = TestJson.object().put("message", "x".repeat(4000));

        List<CompletableFuture<JsonNode>> answers = flood(30_000, "ping", message, sent);
        awaitStuck(sent);

        assertThat(sent.get()).isLessThan(30_000);
        tree.awaitStillAtWork();
        reporter.publishEntry("requests read, resident MiB", sent + ", " + residentMib());
        assertThat(residentMib()).isLessThan(HEAP_MIB + 200);

        server.startReading();
        for (CompletableFuture<JsonNode> answer : answers) {
            assertThat(Responses.text(server.get(answer))).hasSize(4000);
        }
        assertThat(Responses.failed(server.get(spawned))).isFalse();
        server.ping();
    }

    @Test
    void bigUnreadAnswersDoNotFillTheHeap(TestReporter reporter) throws Exception {
        // Each page is 2 MiB: a handful of requests asks for more than the heap holds.
        CompletableFuture<JsonNode> spawned = server.ask(
                "codex_spawn",
                TestJson.object()
                        .put(
                                "prompt",
                                "printf '{\"type\":\"big\",\"text\":\"'; head -c 2097152 /dev/zero | tr '\\0' x; printf '\"}\\n'; "
                                        + "touch printed; " + tree.script()));
        Polling.until("the big event", () -> Files.exists(scratch.resolve("printed")));
        tree.awaitAllAtWork();
        // The only thing that is read before the flood: who the job is.
        String jobId = server.readJobId(spawned);
        AtomicInteger sent = new AtomicInteger();
        JsonNode page = ShellClient.job(jobId).put("maxEvents", 2000);

        List<CompletableFuture<JsonNode>> answers = flood(300, "codex_events", page, sent);
        awaitStuck(sent);
        tree.awaitStillAtWork();
        reporter.publishEntry("resident MiB", String.valueOf(residentMib()));

        server.startReading();
        for (CompletableFuture<JsonNode> answer : answers) {
            JsonNode events = server.get(answer);
            assertThat(Responses.failed(events))
                    .as(
                            "%s",
                            Responses.text(events)
                                    .lines()
                                    .findFirst()
                                    .map(line -> line.substring(0, Math.min(200, line.length()))))
                    .isFalse();
            assertThat(Responses.text(events).getBytes(UTF_8)).hasSizeGreaterThan(2_000_000);
        }
        server.ping();
        assertThat(server.stderr()).doesNotContain("OutOfMemoryError");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stdin closed", "SIGTERM"})
    void serverEndsWithItsWorkersThoughItsLastWordsAreStuck(String how, TestReporter reporter) throws Exception {
        server.ask("codex_spawn", TestJson.object().put("prompt", tree.script()));
        tree.awaitAllAtWork();
        AtomicInteger sent = new AtomicInteger();
        // More answers than the pipe holds, but no more requests than the server and the other pipe do: it is stuck, we
        // are not.
        flood(36, "ping", TestJson.object().put("message", "x".repeat(4000)), sent);
        Polling.until("all is sent", () -> sent.get() == 36);

        long start = System.nanoTime();
        if (how.equals("SIGTERM")) {
            server.signal("TERM");
        } else {
            server.closeStdin();
        }

        assertThat(server.awaitExit()).isZero();
        tree.awaitGone();
        reporter.publishEntry("gone after ms", String.valueOf((System.nanoTime() - start) / 1_000_000));
        ProcessProbe.inDirectory(scratch).awaitNone();
    }
}

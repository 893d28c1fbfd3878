package dev.codexmcp.faults;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client stops reading for a while, over pipes or socket pairs: whichever thread of the server that blocks, every
 * request is answered once and whole.
 */
@Tag("slow")
class StalledClientIT {
    private static final int[] PAUSES_MILLIS = {0, 1500, 3000};
    private static final int[] REQUEST_SIZES = {100, 700_000, 9_000_000};

    @TempDir
    Path scratch;

    private final ExecutorService rows = Executors.newCachedThreadPool();

    @AfterEach
    void killWhatIsLeft() {
        rows.shutdownNow();
        ProcessProbe.inDirectory(scratch).kill();
    }

    private interface Row {
        void run(Path folder) throws Exception;
    }

    /** Runs them concurrently, since they mostly wait; each in its own folder. */
    private void runAll(Map<String, Row> all) throws InterruptedException, IOException {
        Map<String, Future<?>> running = new LinkedHashMap<>();
        for (Map.Entry<String, Row> row : all.entrySet()) {
            Path folder = Files.createDirectory(scratch.resolve("row" + running.size()));
            ShellCodex.install(folder);
            running.put(row.getKey(), rows.submit(() -> {
                row.getValue().run(folder);
                return null;
            }));
        }
        Map<String, Throwable> failures = new LinkedHashMap<>();
        for (Map.Entry<String, Future<?>> row : running.entrySet()) {
            try {
                row.getValue().get(3 * Polling.LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                failures.put(row.getKey(), e);
            }
        }
        assertThat(failures).isEmpty();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.get(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static ShellCodexServer launch(Path folder, boolean socketPairs) {
        ShellCodexServer launch = ShellCodexServer.in(folder);
        return socketPairs ? launch.overSocketPairs() : launch;
    }

    private static CompletableFuture<JsonNode> ping(ShellClient server, String message) {
        return server.ask("ping", TestJson.object().put("message", message));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyRequestIsAnsweredOnceAndWhole(boolean socketPairs) throws Exception {
        Map<String, Row> all = new LinkedHashMap<>();
        for (Stuck stuck : Stuck.values()) {
            for (int size : REQUEST_SIZES) {
                all.put(stuck + ", requests of " + size, folder -> {
                    try (ShellClient server = launch(folder, socketPairs).start()) {
                        server.initialize();
                        pauseAndGoOn(server, stuck, size);
                        answerBeforeTheEnd(server);
                        assertThat(server.strays()).isEmpty();
                    }
                });
            }
        }
        runAll(all);
    }

    private void pauseAndGoOn(ShellClient server, Stuck stuck, int size) throws Exception {
        String job = stuck.prepare(server);
        for (int pause : PAUSES_MILLIS) {
            String filling = "abcdefghijk".repeat(size / 11);
            server.pauseReading();
            CompletableFuture<JsonNode> big = stuck.answer(server, job);
            // On another thread: the server need not read it before the test continues.
            Future<CompletableFuture<JsonNode>> meanwhile =
                    rows.submit(() -> ping(server, "meanwhile " + pause + filling));
            // The pause is the input, not a wait for something: the server must notice the stall by its own clock,
            // and must not start a second reader then. There is no condition that shows that it has not.
            Thread.sleep(pause);
            server.resumeReading();
            CompletableFuture<JsonNode> next = await(rows.submit(() -> ping(server, "next " + pause + filling)));

            assertThat(Responses.text(server.get(next)).equals("next " + pause + filling))
                    .as("the answer to the next request after a pause of %d ms", pause)
                    .isTrue();
            assertThat(Responses.text(server.get(await(meanwhile))).equals("meanwhile " + pause + filling))
                    .as("the answer to the request in a pause of %d ms", pause)
                    .isTrue();
            assertThat(Responses.text(server.get(big)).length()).isGreaterThanOrEqualTo(Stuck.ANSWER);
        }
    }

    private static void answerBeforeTheEnd(ShellClient server) {
        List<CompletableFuture<JsonNode>> last = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            last.add(ping(server, "last " + i));
        }
        server.closeStdin();

        for (int i = 0; i < 20; i++) {
            assertThat(Responses.text(server.get(last.get(i)))).isEqualTo("last " + i);
        }
        assertThat(server.awaitExit()).isZero();
        server.awaitAllRead();
    }

    /** Requests enough that over 8 MiB of answers are unread. */
    private static final int MORE_REQUESTS = 4;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverEndsWithItsWorkersAfterEofIfTheClientReadsNothing(boolean socketPairs) throws Exception {
        Map<String, Row> all = new LinkedHashMap<>();
        for (Stuck stuck : Stuck.values()) {
            for (boolean much : new boolean[] {false, true}) {
                all.put(stuck + (much ? ", over 8 MiB unread" : ""), folder -> {
                    try (ShellClient server = launch(folder, socketPairs).start()) {
                        server.initialize();
                        closeUnread(server, stuck, folder, much);
                        if (socketPairs) {
                            Path exit = folder.resolve("exit");
                            Polling.until("the server to exit", () -> Files.exists(exit));
                            assertThat(exit).hasContent("0");
                        } else {
                            assertThat(server.awaitExit()).isZero();
                        }
                    }
                });
            }
        }
        runAll(all);
    }

    private void closeUnread(ShellClient server, Stuck stuck, Path folder, boolean much) throws Exception {
        WorkerTree tree = WorkerTree.in(folder, "tree");
        server.spawn(tree.script());
        tree.awaitAllAtWork();
        String job = stuck.prepare(server);
        server.pauseReading();
        stuck.answer(server, job);
        awaitStuck(server);
        if (much) {
            Future<?> sent = rows.submit(() -> {
                for (int i = 0; i < MORE_REQUESTS; i++) {
                    ping(server, "x".repeat(3_000_000));
                }
            });
            await(sent);
        }
        server.closeStdin();
        tree.awaitGone();
    }

    /** Waits until the server gets rid of nothing more. */
    private static void awaitStuck(ShellClient server) {
        AtomicInteger last = new AtomicInteger();
        Polling.on("the server to be stuck")
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    int unread = server.unread();
                    return unread > 0 && unread == last.getAndSet(unread);
                });
    }

    /**
     * The server can't see EOF on stdin behind requests that it has no room for, but it notices that its output has no
     * reader.
     */
    @Test
    void serverEndsOnceItsOutputHasNoReaderHoweverMuchWasSent() throws Exception {
        ShellCodex.install(scratch);
        try (ShellClient server = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_JAVA_OPTS", "-Xmx64m")
                .start()) {
            server.initialize();
            WorkerTree tree = WorkerTree.in(scratch, "tree");
            server.spawn(tree.script());
            tree.awaitAllAtWork();
            server.pauseReading();
            Stuck.READER.answer(server, "");
            Future<?> stuck = rows.submit(() -> {
                for (int i = 0; i < 30; i++) {
                    ping(server, "x".repeat(1_000_000));
                }
            });
            Polling.until(
                    "the server to start reading ahead",
                    () -> ResourceUsage.of(server.pid()).threads().containsKey("read-ahead"));
            assertThat(stuck.isDone()).isFalse();

            server.closeStdout();
            tree.awaitGone();
            assertThat(server.awaitExit()).isZero();
        }
    }
}

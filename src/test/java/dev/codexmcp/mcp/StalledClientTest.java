package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.mcp.stdio.GatedOutput;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.mcp.stdio.ScriptedInput;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.tool.HostTable;
import dev.codexmcp.tool.ToolCatalog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The server in this JVM with a client that reads nothing: whichever thread that blocks, one thread at a time reads
 * requests.
 */
@Timeout(60)
class StalledClientTest {
    private final ScriptedInput in = new ScriptedInput();
    private final GatedOutput out = new GatedOutput();
    private final AtomicInteger gone = new AtomicInteger();
    private final JobEngine jobs = JobEngine.of(new CodexCli(Optional.of("/bin/true"), ""), 2);
    private final CodexMcpServer server = new CodexMcpServer(
            in,
            out,
            threads -> new ToolCatalog(
                    jobs.registry(), jobs.scheduler(), jobs.changes(), jobs.timer(), Sandbox.READ_ONLY, threads),
            () -> {},
            new ServerSettings("1.2.3", HostTable.DEFAULT, true),
            gone::incrementAndGet);
    private final Thread main = new Thread(this::run, "main of the server");
    private int requests;

    private void run() {
        try {
            server.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void end() throws Exception {
        assertThat(in.wasReadByTwo()).isFalse();
        in.end();
        out.goOn();
        main.join();
        jobs.close();
    }

    private void give(String line) {
        in.give((line + "\n").getBytes(UTF_8));
    }

    /** A request answered by the thread that reads it. */
    private void ping() {
        give("{\"jsonrpc\":\"2.0\",\"id\":" + ++requests + ",\"method\":\"ping\"}");
    }

    /** A request answered by another thread. */
    private void spawn() {
        give("{\"jsonrpc\":\"2.0\",\"id\":" + ++requests
                + ",\"method\":\"tools/call\",\"params\":{\"name\":\"codex_spawn\",\"arguments\":{\"prompt\":\"x\"}}}");
    }

    private void awaitStuck(String thread) {
        Polling.until(thread + " to be stuck", () -> out.stuck().equals(thread));
    }

    /** Checks that each request was answered once, and that there are no other answers. */
    private void awaitAllAnswered() {
        Polling.until("all answers", () -> out.written().lines().count() >= requests);
        for (int id = 1; id <= requests; id++) {
            assertThat(out.written()).containsOnlyOnce("\"id\":" + id + ",");
        }
    }

    @Test
    void anotherThreadReadsWhileTheReaderIsStuck() {
        main.start();
        ping();
        awaitStuck("main of the server");
        Polling.until("another reader", in::isRead);
        ping();
        ping();
        assertThat(out.written()).isEmpty();

        out.goOn();
        ping();
        awaitAllAnswered();
        ping();
        awaitAllAnswered();
        in.end();
        Polling.until("the main thread to end", () -> !main.isAlive());
        assertThat(gone).hasValue(0);
    }

    @Test
    void noOtherThreadReadsWhileTheReaderReads() {
        main.start();
        spawn();
        awaitStuck("call");
        Polling.until("the reader", in::isRead);
        Polling.on("a stall to be noticed").during(Duration.ofMillis(2500)).until(() -> !in.wasReadByTwo());
        for (int i = 0; i < 10; i++) {
            ping();
        }

        out.goOn();
        awaitAllAnswered();
    }

    @Test
    void eofIsSeenWhileTheReaderIsStuck() {
        main.start();
        ping();
        awaitStuck("main of the server");
        ping();
        in.end();

        Polling.until("the client to be considered gone", () -> gone.get() == 1);
        assertThat(main.isAlive()).isTrue();
    }

    @Test
    void eofIsSeenWhileTheReaderWaitsForRoomAndAnotherThreadIsStuck() throws Exception {
        main.start();
        spawn();
        awaitStuck("call");
        String message = "x".repeat(60_000);
        long unread = 0;
        while (unread <= LineWriter.HIGH_WATER) {
            give("{\"jsonrpc\":\"2.0\",\"id\":" + ++requests
                    + ",\"method\":\"tools/call\",\"params\":{\"name\":\"ping\",\"arguments\":{\"message\":\"" + message
                    + "\"}}}");
            unread += message.length();
        }
        Polling.until("the reader to wait for room", () -> main.getState() == Thread.State.TIMED_WAITING);
        in.end();

        Polling.until("the client to be considered gone", () -> gone.get() == 1);
        assertThat(main.isAlive()).isTrue();
    }

    @Test
    void requestsReadAheadAreAnsweredIfTheClientStillReadsAfterEof() {
        main.start();
        ping();
        awaitStuck("main of the server");
        Polling.until("another reader", in::isRead);
        for (int i = 0; i < 100; i++) {
            ping();
        }
        out.goOn();
        in.end();

        Polling.until("the main thread to end", () -> !main.isAlive());
        awaitAllAnswered();
        assertThat(gone).hasValue(0);
    }

    @Test
    void requestsFromASingleReadWaitForRoomToo() {
        main.start();
        String list = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n";
        int count = 64 * 1024 / list.length();
        in.give(list.repeat(count).getBytes(UTF_8));
        awaitStuck("main of the server");

        out.goOn();
        Polling.until("all answers", () -> out.written().lines().count() == count);
    }
}

package dev.codexmcp.mcp.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to messages for a client that reads nothing or is gone. */
@Timeout(60)
class LineWriterStallTest {
    private static final int OVER_HIGH_WATER = (int) LineWriter.HIGH_WATER + 1;

    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicInteger stalls = new AtomicInteger();

    @Test
    void sendingNeverBlocks() {
        GatedOutput client = new GatedOutput();
        LineWriter writer = writer(client);
        for (int i = 0; i < 20; i++) {
            writer.send(new byte[1024 * 1024]);
        }

        assertThat(client.written()).isEmpty();
        client.goOn();
        Polling.until("all is written", () -> client.written().length() == 20 * 1024 * 1024);
    }

    @Test
    void thereIsRoomWhileTheClientHasLittleUnread() throws Exception {
        LineWriter writer = writer(new GatedOutput());
        writer.send(new byte[(int) LineWriter.HIGH_WATER]);

        assertThat(writer.hasRoom()).isTrue();
        writer.awaitRoom();
    }

    @Test
    void waitingForRoomEndsOnceTheClientReads() throws Exception {
        GatedOutput client = new GatedOutput();
        LineWriter writer = writer(client);
        writer.send(new byte[OVER_HIGH_WATER]);
        Thread waiting = waiting(() -> awaitRoom(writer));

        assertThat(client.writes()).isZero();
        client.goOn();
        waiting.join();
        assertThat(client.written()).hasSize(OVER_HIGH_WATER);
    }

    @Test
    void drainingGivesUpOnAClientThatReadsNothing() throws Exception {
        GatedOutput client = new GatedOutput();
        LineWriter writer = writer(client);
        writer.send(message("unread"));

        writer.drain();
        assertThat(client.written()).isEmpty();
    }

    @Test
    void aClientThatReadsNothingIsReportedAsStalled() throws Exception {
        GatedOutput client = new GatedOutput();
        LineWriter writer = writer(client);
        writer.deferToFlush();
        Thread writing = new Thread(writer::flush);
        writer.send(message("unread"));
        writing.start();

        Polling.until("two stalls", () -> stalls.get() > 1);
        writer.awaitStall();
        client.goOn();
        writing.join();
        assertThat(client.written()).isEqualTo("unread\n");
        assertThat(broken).hasValue(0);
    }

    @Test
    void aClientThatIsGoneIsReportedOnceAndNothingWaitsForIt() throws Exception {
        GatedOutput client = new GatedOutput();
        client.breakOff();
        LineWriter writer = writer(client);
        writer.deferToFlush();
        writer.send(new byte[OVER_HIGH_WATER]);
        writer.send(message("two"));
        writer.flush();
        writer.send(new byte[OVER_HIGH_WATER]);
        writer.flush();
        assertThat(writer.hasRoom()).isTrue();
        writer.awaitRoom();
        writer.awaitStall();
        writer.drain();

        Polling.until("the broken stream is reported", () -> broken.get() == 1);
        assertThat(client.writes()).isEqualTo(1);
    }

    @Test
    void waitingForRoomEndsOnceTheClientIsGone() throws Exception {
        GatedOutput client = new GatedOutput();
        LineWriter writer = writer(client);
        writer.send(new byte[OVER_HIGH_WATER]);
        Thread waiting = waiting(() -> awaitRoom(writer));

        client.breakOff();
        waiting.join();
        Polling.until("the broken stream is reported", () -> broken.get() == 1);
    }

    @Test
    void drainingEndsOnceEverythingIsWritten() throws Exception {
        GatedOutput client = new GatedOutput();
        LineWriter writer = writer(client);
        writer.send(message("one"));
        Thread draining = waiting(writer::drain);

        client.goOn();
        draining.join();
        assertThat(client.written()).isEqualTo("one\n");
    }

    @Test
    void awaitStallReturnsIfTheWritersOwnThreadStalls() throws Exception {
        GatedOutput client = new GatedOutput();
        LineWriter writer = writer(client);
        writer.send(message("unread"));
        Polling.until("the writer is stuck", () -> client.stuck().equals("answers"));

        writer.awaitStall();
        assertThat(client.written()).isEmpty();
        assertThat(stalls).hasValue(0);
    }

    @Test
    void clientWithNothingToReadHasNotStalled() {
        GatedOutput client = GatedOutput.open();
        LineWriter writer = writer(client);
        writer.deferToFlush();
        writer.send(message("not flushed"));
        Thread waiting = waiting(writer::awaitStall);

        Polling.on("the thread waits on").during(Duration.ofMillis(2500)).until(waiting::isAlive);
        assertThat(stalls).hasValue(0);
        waiting.interrupt();
    }

    @Test
    void writeThatFailsWithAnErrorMeansTheClientIsGoneToo() throws Exception {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) {
                throw new OutOfMemoryError("on purpose");
            }
        };
        LineWriter writer = writer(failing);
        writer.deferToFlush();
        writer.send(message("one"));
        writer.flush();

        Polling.until("the broken stream is reported", () -> broken.get() == 1);
        writer.drain();
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    /** Starts a thread and returns once it waits. */
    private static Thread waiting(Waiting action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        Polling.until(
                "the thread waits",
                () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    private static void awaitRoom(LineWriter writer) throws InterruptedException {
        while (!writer.hasRoom()) {
            writer.awaitRoom();
        }
    }

    private LineWriter writer(OutputStream out) {
        return new LineWriter(out, broken::incrementAndGet, stalls::incrementAndGet);
    }

    private static byte[] message(String text) {
        return (text + "\n").getBytes(UTF_8);
    }
}

package dev.codexmcp.mcp.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LineWriterTest {
    private static final int OVER_HIGH_WATER = (int) LineWriter.HIGH_WATER + 1;

    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicInteger stalls = new AtomicInteger();

    /** A client that reads nothing until it is told to. */
    private static final class Client extends OutputStream {
        private final CountDownLatch reads = new CountDownLatch(1);
        private final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private int writes;

        static Client reading() {
            Client client = new Client();
            client.reads.countDown();
            return client;
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("a byte at a time is too slow");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            synchronized (this) {
                writes++;
                got.write(bytes, offset, length);
            }
        }

        synchronized String got() {
            return got.toString(UTF_8);
        }

        synchronized int writes() {
            return writes;
        }
    }

    /** Writes nothing any more. */
    private static final class Gone extends OutputStream {
        private final AtomicInteger tries = new AtomicInteger();

        @Override
        public void write(int b) throws IOException {
            tries.incrementAndGet();
            throw new IOException("Broken pipe");
        }
    }

    @Test
    void whatAnyThreadSendsIsWrittenInItsOrder() {
        Client client = Client.reading();
        LineWriter writer = writer(client, new Thread());
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            writer.send(message("m" + i));
            all.append('m').append(i).append('\n');
        }

        await().until(() -> client.got().length() == all.length());
        assertThat(client.got()).isEqualTo(all.toString());
    }

    @Test
    void whatTheReadingThreadSendsIsWrittenAtItsFlushInOneGo() {
        Client client = Client.reading();
        LineWriter writer = writer(client, Thread.currentThread());
        for (int i = 0; i < 100; i++) {
            writer.send(message("m"));
        }

        assertThat(client.got()).isEmpty();
        writer.flush();
        assertThat(client.got()).isEqualTo("m\n".repeat(100));
        assertThat(client.writes()).isEqualTo(1);
    }

    @Test
    void everyMessageOfManyThreadsIsWrittenWholeAndOnceAndInItsThreadsOrder() throws Exception {
        Client client = Client.reading();
        LineWriter writer = writer(client, Thread.currentThread());
        int threads = 12;
        int messages = 400;
        List<Thread> senders = new ArrayList<>();
        for (int t = 1; t < threads; t++) {
            int sender = t;
            senders.add(new Thread(() -> {
                for (int i = 0; i < messages; i++) {
                    writer.send(message(text(sender, i)));
                }
            }));
        }
        senders.forEach(Thread::start);
        for (int i = 0; i < messages; i++) {
            writer.send(message(text(0, i)));
            writer.flush();
        }
        for (Thread sender : senders) {
            sender.join();
        }
        writer.drain();

        Map<String, List<String>> bySender = new HashMap<>();
        client.got()
                .lines()
                .forEach(
                        line -> bySender.computeIfAbsent(line.substring(0, line.indexOf(' ')), key -> new ArrayList<>())
                                .add(line));
        Map<String, List<String>> expected = new HashMap<>();
        for (int t = 0; t < threads; t++) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                lines.add(text(t, i));
            }
            expected.put("t" + t, lines);
        }
        assertThat(bySender).isEqualTo(expected);
    }

    /** Some of them far longer than what is written in one go. */
    private static String text(int thread, int number) {
        return "t" + thread + " " + number + " " + "x".repeat(number % 50 == 0 ? 100_000 : number % 7 * 500);
    }

    @Test
    void sendingNeverWaitsForTheClient() {
        Client client = new Client();
        LineWriter writer = writer(client, new Thread());
        for (int i = 0; i < 20; i++) {
            writer.send(new byte[1024 * 1024]);
        }

        assertThat(client.got()).isEmpty();
        client.reads.countDown();
        await().until(() -> client.got().length() == 20 * 1024 * 1024);
    }

    @Test
    void thereIsRoomWhileTheClientHasLittleUnread() throws Exception {
        LineWriter writer = writer(new Client(), new Thread());
        writer.send(new byte[(int) LineWriter.HIGH_WATER]);

        writer.awaitRoom();
    }

    @Test
    void whoWaitsForRoomGoesOnOnceTheClientReads() throws Exception {
        Client client = new Client();
        LineWriter writer = writer(client, new Thread());
        writer.send(new byte[OVER_HIGH_WATER]);
        Thread waiting = waiting(writer::awaitRoom);

        assertThat(client.writes()).isZero();
        client.reads.countDown();
        waiting.join();
        assertThat(client.got()).hasSize(OVER_HIGH_WATER);
    }

    @Test
    void whoDrainsGoesOnOnceAllIsWritten() throws Exception {
        Client client = new Client();
        LineWriter writer = writer(client, new Thread());
        writer.send(message("one"));
        Thread draining = waiting(writer::drain);

        client.reads.countDown();
        draining.join();
        assertThat(client.got()).isEqualTo("one\n");
    }

    @Test
    void drainingWritesWhatTheReadingThreadHasNotFlushed() throws Exception {
        Client client = Client.reading();
        LineWriter writer = writer(client, Thread.currentThread());
        writer.send(message("last words"));
        writer.drain();

        assertThat(client.got()).isEqualTo("last words\n");
    }

    @Test
    void drainingWithNothingToWriteReturnsAtOnce() throws Exception {
        writer(new Client(), new Thread()).drain();
    }

    @Test
    void drainingGivesUpOnAClientThatReadsNothing() throws Exception {
        Client client = new Client();
        LineWriter writer = writer(client, new Thread());
        writer.send(message("unread"));

        writer.drain();
        assertThat(client.got()).isEmpty();
    }

    @Test
    void aClientThatReadsNothingIsReportedAsStalled() throws Exception {
        Client client = new Client();
        Thread reader = Thread.currentThread();
        LineWriter writer = writer(client, reader);
        Thread writing = new Thread(writer::flush);
        writer.send(message("unread"));
        writing.start();

        await().until(() -> stalls.get() > 0);
        client.reads.countDown();
        writing.join();
        assertThat(client.got()).isEqualTo("unread\n");
        assertThat(broken).hasValue(0);
    }

    @Test
    void aClientThatIsGoneIsReportedOnceAndNobodyWaitsForIt() throws Exception {
        Gone gone = new Gone();
        LineWriter writer = writer(gone, Thread.currentThread());
        writer.send(new byte[OVER_HIGH_WATER]);
        writer.send(message("two"));
        writer.flush();
        writer.send(new byte[OVER_HIGH_WATER]);
        writer.flush();
        writer.awaitRoom();
        writer.drain();

        await().until(() -> broken.get() == 1);
        assertThat(gone.tries).hasValue(1);
    }

    @Test
    void whoWaitsForRoomGoesOnOnceTheClientIsGone() throws Exception {
        CountDownLatch leaves = new CountDownLatch(1);
        OutputStream leaving = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    leaves.await();
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
                throw new IOException("Broken pipe");
            }
        };
        LineWriter writer = writer(leaving, new Thread());
        writer.send(new byte[OVER_HIGH_WATER]);
        Thread waiting = waiting(writer::awaitRoom);

        leaves.countDown();
        waiting.join();
        await().until(() -> broken.get() == 1);
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    /** A thread that has come to where it waits. */
    private static Thread waiting(Waiting action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        await().until(() ->
                thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    private LineWriter writer(OutputStream out, Thread reader) {
        return new LineWriter(out, reader, broken::incrementAndGet, stalls::incrementAndGet);
    }

    private static byte[] message(String text) {
        return (text + "\n").getBytes(UTF_8);
    }
}

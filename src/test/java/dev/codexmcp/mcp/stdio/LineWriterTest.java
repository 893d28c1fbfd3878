package dev.codexmcp.mcp.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LineWriterTest {
    @Test
    void messagesOfOtherThreadsAreWrittenInOrder() {
        GatedOutput client = GatedOutput.open();
        LineWriter writer = writer(client);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            writer.send(message("m" + i));
            all.append('m').append(i).append('\n');
        }

        Polling.until("all is written", () -> client.written().length() == all.length());
        assertThat(client.written()).isEqualTo(all.toString());
    }

    @Test
    void messagesOfADeferringThreadAreWrittenTogetherAtItsFlush() {
        GatedOutput client = GatedOutput.open();
        LineWriter writer = writer(client);
        writer.deferToFlush();
        for (int i = 0; i < 100; i++) {
            writer.send(message("m"));
        }

        assertThat(client.written()).isEmpty();
        writer.flush();
        assertThat(client.written()).isEqualTo("m\n".repeat(100));
        assertThat(client.writes()).isEqualTo(1);
    }

    @Test
    void messagesOfManyThreadsAreWrittenWholeOnceAndInOrderPerThread() throws Exception {
        GatedOutput client = GatedOutput.open();
        LineWriter writer = writer(client);
        writer.deferToFlush();
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
        client.written()
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

    /** Some of them far longer than one write. */
    private static String text(int thread, int number) {
        return "t" + thread + " " + number + " " + "x".repeat(number % 50 == 0 ? 100_000 : number % 7 * 500);
    }

    @Test
    void drainingWritesUnflushedMessages() throws Exception {
        GatedOutput client = GatedOutput.open();
        LineWriter writer = writer(client);
        writer.deferToFlush();
        writer.send(message("last words"));
        writer.drain();

        assertThat(client.written()).isEqualTo("last words\n");
    }

    @Test
    void drainingWithNothingToWriteReturnsAtOnce() throws Exception {
        writer(new GatedOutput()).drain();
    }

    private static LineWriter writer(OutputStream out) {
        return new LineWriter(out, () -> {}, () -> {});
    }

    private static byte[] message(String text) {
        return (text + "\n").getBytes(UTF_8);
    }
}

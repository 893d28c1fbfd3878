package dev.codexmcp.mcp.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadAheadInputStreamTest {
    private static final int CHUNK = 64 * 1024;
    private static final long CAPACITY = 16L * CHUNK;

    private final ScriptedInput source = new ScriptedInput();
    private final AtomicInteger ends = new AtomicInteger();
    private final ReadAheadInputStream in = new ReadAheadInputStream(source, CAPACITY, ends::incrementAndGet);

    /** The result of the next read. */
    private CompletableFuture<String> read() {
        return read(thread -> {});
    }

    /** As {@link #read}, but returns once the read waits for another thread. */
    private CompletableFuture<String> readBehind() {
        return read(thread -> Polling.until("the reader waits", () -> thread.getState() == Thread.State.WAITING));
    }

    private CompletableFuture<String> read(Consumer<Thread> started) {
        CompletableFuture<String> read = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            byte[] target = new byte[100];
            try {
                int count = in.read(target, 0, target.length);
                read.complete(count < 0 ? "end" : new String(target, 0, count, UTF_8));
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        started.accept(thread);
        return read;
    }

    private void give(String text) {
        source.give(text.getBytes(UTF_8));
    }

    private void awaitReader() {
        Polling.until("the source is read", source::isRead);
    }

    @Test
    void nothingIsReadAheadWhileTheConsumerReads() {
        CompletableFuture<String> first = read();
        awaitReader();
        in.readAhead();
        give("one");

        assertThat(first.join()).isEqualTo("one");
        CompletableFuture<String> second = read();
        awaitReader();
        give("two");
        assertThat(second.join()).isEqualTo("two");
        assertThat(source.wasReadByTwo()).isFalse();
    }

    @Test
    void consumerGetsReadAheadBytesInOrderAndThenReadsByItself() {
        in.readAhead();
        awaitReader();
        give("one");
        give("two");
        give("three");
        StringBuilder all = new StringBuilder();
        while (!all.toString().equals("onetwothree")) {
            all.append(read().join());
        }

        CompletableFuture<String> next = readBehind();
        give("four");
        assertThat(next.join()).isEqualTo("four");
        Polling.until("nobody reads the source", () -> !source.isRead()); // nobody reads ahead any more
        CompletableFuture<String> own = read();
        awaitReader();
        in.readAhead();
        give("five");
        assertThat(own.join()).isEqualTo("five");
        assertThat(source.wasReadByTwo()).isFalse();
        assertThat(ends).hasValue(0);
    }

    @Test
    void streamCanBeReadAheadAgain() {
        for (int i = 0; i < 300; i++) {
            in.readAhead();
            awaitReader();
            CompletableFuture<String> read = readBehind();
            give("piece " + i);
            assertThat(read.join()).isEqualTo("piece " + i);
        }

        in.readAhead();
        source.end();
        Polling.until("the end is reported", () -> ends.get() == 1);
        assertThat(read().join()).isEqualTo("end");
    }

    @Test
    void onlyOneThreadReadsAhead() {
        in.readAhead();
        awaitReader();
        in.readAhead();
        source.end();

        Polling.until("the end is reported", () -> ends.get() == 1);
        in.readAhead();
        assertThat(source.wasReadByTwo()).isFalse();
        assertThat(read().join()).isEqualTo("end");
        assertThat(ends).hasValue(1);
    }

    @Test
    void eofIsSeenWithoutAConsumer() {
        in.readAhead();
        give("last words");
        source.end();

        Polling.until("the end is reported", () -> ends.get() == 1);
        assertThat(read().join()).isEqualTo("last words");
        assertThat(read().join()).isEqualTo("end");
        assertThat(read().join()).isEqualTo("end");
    }

    @Test
    void eofSeenByTheConsumerIsNotReported() {
        CompletableFuture<String> read = read();
        awaitReader();
        in.readAhead();
        source.end();

        assertThat(read.join()).isEqualTo("end");
        in.readAhead();
        assertThat(source.isRead()).isFalse();
        assertThat(ends).hasValue(0);
    }

    @Test
    void readErrorIsTreatedAsEof() throws Exception {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };
        ReadAheadInputStream ahead = new ReadAheadInputStream(failing, CAPACITY, ends::incrementAndGet);
        ahead.readAhead();

        Polling.until("the end is reported", () -> ends.get() == 1);
        assertThat(ahead.read()).isEqualTo(-1);
    }

    @Test
    void readingAheadStopsAtTheCapacityAndResumesWhenThereIsRoom() throws Exception {
        AtomicLong given = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("single bytes are too slow");
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                int count = Math.min(length, 1000); // in small pieces too
                given.addAndGet(count);
                return count;
            }
        };
        ReadAheadInputStream ahead = new ReadAheadInputStream(endless, CAPACITY, ends::incrementAndGet);
        ahead.readAhead();

        Polling.until("the buffer is full", () -> given.get() > CAPACITY - CHUNK);
        for (int i = 0; i < 10; i++) {
            assertThat(ahead.read(new byte[CHUNK], 0, CHUNK)).isPositive();
        }
        Polling.until("the buffer is full again", () -> given.get() > CAPACITY + 8L * CHUNK);
        assertThat(given.get()).isLessThanOrEqualTo(CAPACITY + 10L * CHUNK);
    }
}

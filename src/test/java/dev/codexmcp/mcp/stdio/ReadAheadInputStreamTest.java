package dev.codexmcp.mcp.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final int CHUNK = 64 * 1024;

    @Property(tries = 100)
    void theBytesAreTheSameWhereverReadingAheadBegins(
            @ForAll @IntRange(max = 300_000) int length,
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 100_000) Integer> sizes,
            @ForAll @IntRange(max = 10) int readsBefore)
            throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        ReadAhead in = new ReadAhead(new ByteArrayInputStream(bytes));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] target = new byte[100_010];
        for (int i = 0; ; i++) {
            if (i == readsBefore) {
                in.begin(() -> {});
            }
            int count = in.read(target, 10, sizes.get(i % sizes.size()));
            if (count < 0) {
                break;
            }
            read.write(target, 10, count);
        }

        assertThat(read.toByteArray()).isEqualTo(bytes);
        assertThat(in.read(target, 0, 1)).isEqualTo(-1);
    }

    @Test
    void theEndIsSeenThoughNobodyReads() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ReadAhead in = new ReadAhead(new ByteArrayInputStream(new byte[] {1, 2, 3}));
        in.begin(ended::countDown);

        ended.await();
        assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
    }

    @Test
    void begunTwiceItReadsAheadOnce() throws Exception {
        CountDownLatch ends = new CountDownLatch(2);
        ReadAhead in = new ReadAhead(new ByteArrayInputStream(new byte[] {1, 2, 3}));
        in.begin(ends::countDown);
        in.begin(ends::countDown);

        assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
        assertThat(in.read()).isEqualTo(-1);
        await().until(() -> ends.getCount() == 1);
    }

    @Test
    void aStreamThatFailsEnds() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ReadAhead in = new ReadAhead(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        });
        in.begin(ended::countDown);

        ended.await();
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void noMoreThanAFewMegabytesAreReadAheadAndTheRestWhenThereIsRoom() throws Exception {
        long[] given = {0};
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("a byte at a time is too slow");
            }

            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                given[0] += length;
                return length;
            }
        };
        ReadAhead in = new ReadAhead(endless);
        in.begin(() -> {});
        Thread ahead = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("read-ahead") && thread.isAlive())
                .reduce((first, second) -> second.getId() > first.getId() ? second : first)
                .orElseThrow();

        await().until(() -> ahead.getState() == Thread.State.WAITING);
        synchronized (endless) {
            assertThat(given[0]).isEqualTo(129L * CHUNK);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(in.read(new byte[CHUNK], 0, CHUNK)).isEqualTo(CHUNK);
        }
        await().until(() -> {
            synchronized (endless) {
                return given[0] == 139L * CHUNK;
            }
        });
    }
}

package dev.codexmcp.mcp.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReadAheadInputStreamPropertyTest {
    private static final int CHUNK = 64 * 1024;

    @Property(tries = 100)
    void readingAheadAtAnyTimeDoesNotChangeTheBytes(
            @ForAll @IntRange(max = 3_000_000) int length,
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 100_000) Integer> sizes)
            throws Exception {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger readers = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        InputStream counting = new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                most.accumulateAndGet(readers.incrementAndGet(), Math::max);
                try {
                    return super.read(target, offset, Math.min(count, 7919));
                } finally {
                    readers.decrementAndGet();
                }
            }
        };
        ReadAheadInputStream ahead = new ReadAheadInputStream(counting, 2L * CHUNK, () -> {});
        Thread again = new Thread(() -> {
            while (!done.get()) {
                ahead.readAhead();
            }
        });
        again.start();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] target = new byte[100_010];
        for (int i = 0; ; i++) {
            int count = ahead.read(target, 10, sizes.get(i % sizes.size()));
            if (count < 0) {
                break;
            }
            read.write(target, 10, count);
        }
        done.set(true);
        again.join();

        assertThat(read.toByteArray()).isEqualTo(bytes);
        assertThat(most.get()).isLessThanOrEqualTo(1);
    }
}

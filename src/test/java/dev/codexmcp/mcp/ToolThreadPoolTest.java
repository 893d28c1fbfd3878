package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.testkit.Polling;
import java.io.ByteArrayOutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ToolThreadPoolTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LineWriter writer = new LineWriter(out, () -> {}, () -> {});
    private final ToolThreadPool threads = new ToolThreadPool(writer);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void end() {
        end.countDown();
        threads.shutdownNow();
    }

    private void block(AtomicInteger running) {
        threads.execute(() -> {
            running.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void callsRunConcurrentlyUpToTheMaximumAndTheNextOneWaits() {
        AtomicInteger running = new AtomicInteger();
        for (int i = 0; i < ToolThreadPool.MOST + 1; i++) {
            block(running);
        }
        Polling.until("the maximum number of calls", () -> running.get() == ToolThreadPool.MOST);
        assertThat(threads.getQueue()).hasSize(1);

        end.countDown();
        Polling.until("the waiting call", () -> running.get() == ToolThreadPool.MOST + 1);
    }

    @Test
    void callGoesToAnIdleThread() {
        Queue<Thread> used = new ConcurrentLinkedQueue<>();
        for (int i = 1; i <= 20; i++) {
            int call = i;
            Polling.until("an idle thread", () -> threads.getActiveCount() == 0);
            threads.execute(() -> used.add(Thread.currentThread()));
            Polling.until("call " + call, () -> used.size() == call);
        }

        assertThat(threads.getLargestPoolSize()).isLessThan(20);
    }

    @Test
    void answerIsWrittenByTheThreadThatRanTheCall() throws Exception {
        Queue<String> writers = new ConcurrentLinkedQueue<>();
        LineWriter told = new LineWriter(
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int offset, int length) {
                        super.write(bytes, offset, length);
                        writers.add(Thread.currentThread().getName() + " wrote " + toString(UTF_8));
                    }
                },
                () -> {},
                () -> {});
        ToolThreadPool own = new ToolThreadPool(told);
        own.execute(() -> told.send("answer\n".getBytes(UTF_8)));
        own.shutdown();

        assertThat(own.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        assertThat(writers).containsExactly("call wrote answer\n");
    }

    @Test
    void failedCallDoesNotCostAThread() {
        threads.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {});
            throw new IllegalStateException("on purpose");
        });
        threads.execute(() -> writer.send("answer\n".getBytes(UTF_8)));

        Polling.until("the answer", () -> out.toString(UTF_8).equals("answer\n"));
    }

    @Test
    void afterShutdownCallsAreRejected() {
        threads.shutdown();

        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}

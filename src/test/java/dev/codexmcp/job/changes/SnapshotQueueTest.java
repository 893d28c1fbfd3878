package dev.codexmcp.job.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SnapshotQueueTest {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final SnapshotQueue queue = new SnapshotQueue(waiting::add, taken::incrementAndGet);

    /** Runs a turn, once it is there: a request that nobody waits for rests first. */
    private void runOne() throws Exception {
        Polling.until("a turn", () -> !waiting.isEmpty());
        waiting.remove().run();
    }

    @Test
    void requestsBeforeItBeginsShareOne() throws Exception {
        CompletableFuture<Void> first = queue.ask();
        CompletableFuture<Void> second = queue.askNow();

        runOne();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(taken).hasValue(1);
    }

    @Test
    void aRequestWhileOneIsBeingTakenGetsTheNext() throws Exception {
        List<CompletableFuture<Void>> late = new ArrayList<>();
        List<SnapshotQueue> self = new ArrayList<>();
        SnapshotQueue busy = new SnapshotQueue(waiting::add, () -> {
            if (taken.incrementAndGet() == 1) {
                late.add(self.get(0).ask());
            }
        });
        self.add(busy);
        CompletableFuture<Void> first = busy.ask();
        runOne();
        assertThat(first).isCompleted();
        assertThat(late.get(0)).isNotCompleted();

        Polling.until("the next one, after the pause", () -> {
            Runnable next = waiting.poll();
            if (next != null) {
                next.run();
            }
            return late.get(0).isDone();
        });
        assertThat(taken).hasValue(2);
    }

    @Test
    void aRequestThatCannotWaitEndsThePause() throws Exception {
        SnapshotQueue busy = new SnapshotQueue(waiting::add, taken::incrementAndGet);
        busy.ask();
        runOne();
        busy.ask();

        CompletableFuture<Void> now = busy.askNow();

        while (!waiting.isEmpty()) { // the end of the pause may be among them
            runOne();
        }
        assertThat(now).isCompleted();
        assertThat(taken).hasValue(2);
    }

    @Test
    void aRefusedThreadFailsTheRequestAndNoLaterOne() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean(true);
        SnapshotQueue scarce = new SnapshotQueue(
                task -> {
                    if (refuses.getAndSet(false)) {
                        throw new RejectedExecutionException("no thread");
                    }
                    waiting.add(task);
                },
                taken::incrementAndGet);

        CompletableFuture<Void> refused = scarce.askNow();
        CompletableFuture<Void> later = scarce.askNow();
        runOne();

        assertThat(refused).isCompletedExceptionally();
        assertThat(later).isCompleted();
    }

    @Test
    void everyRequestIsAnswered() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            SnapshotQueue shared = new SnapshotQueue(threads, taken::incrementAndGet);
            CompletableFuture<?>[] all = new CompletableFuture<?>[4000];
            CompletableFuture<?>[] askers = new CompletableFuture<?>[4];
            for (int asker = 0; asker < askers.length; asker++) {
                int from = asker * 1000;
                askers[asker] = CompletableFuture.runAsync(
                        () -> {
                            for (int i = from; i < from + 1000; i++) {
                                all[i] = i % 7 == 0 ? shared.askNow() : shared.ask();
                            }
                        },
                        threads);
            }
            CompletableFuture.allOf(askers).join();
            Polling.until("all snapshots", () -> CompletableFuture.allOf(all).isDone());
            assertThat(taken.get()).isBetween(1, 4000);
        } finally {
            threads.shutdownNow();
        }
    }
}

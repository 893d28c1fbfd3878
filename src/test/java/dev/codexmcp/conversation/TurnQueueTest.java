package dev.codexmcp.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.job.JobError;
import dev.codexmcp.job.JobException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns on real threads. */
class TurnQueueTest {
    private static final long LIMIT_SECONDS = 60;

    private final ExecutorService starters = Executors.newFixedThreadPool(2, task -> new Thread(task, "starter"));

    @AfterEach
    void stop() {
        starters.shutdownNow();
    }

    private static <T> TurnQueue.RunningTurn<T> running(CompletableFuture<T> result) {
        return new TurnQueue.RunningTurn<>() {
            @Override
            public CompletableFuture<T> result() {
                return result;
            }

            @Override
            public void cancel() {
                // The worker ends when the test says so.
            }
        };
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void theFirstTurnStartsOnTheCallersThreadAndLaterOnesOnTheExecutor() throws Exception {
        TurnQueue queue = new TurnQueue(starters);
        CompletableFuture<String> first = new CompletableFuture<>();
        List<String> threads = new ArrayList<>();

        CompletableFuture<String> firstAnswer = queue.submit("talk", () -> {
            threads.add(Thread.currentThread().getName());
            return running(first);
        });
        CompletableFuture<String> secondAnswer = queue.submit("talk", () -> {
            threads.add(Thread.currentThread().getName());
            return running(CompletableFuture.completedFuture("two"));
        });
        assertThat(secondAnswer).isNotDone();
        first.complete("one");

        assertThat(get(firstAnswer)).isEqualTo("one");
        assertThat(get(secondAnswer)).isEqualTo("two");
        assertThat(threads).containsExactly(Thread.currentThread().getName(), "starter");
    }

    @Test
    void aTurnWaitsForTheWorkerOfACanceledTurn() throws Exception {
        TurnQueue queue = new TurnQueue(Runnable::run);
        CompletableFuture<String> worker = new CompletableFuture<>();
        CompletableFuture<String> first = queue.submit("talk", () -> running(worker));
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> second = queue.submit("talk", () -> {
            assertThat(worker).isDone();
            started.countDown();
            return running(CompletableFuture.completedFuture("two"));
        });

        first.cancel(true);
        assertThat(started.getCount()).isEqualTo(1);
        worker.completeExceptionally(new JobException(new JobError.ShuttingDown()));

        assertThat(get(second)).isEqualTo("two");
    }

    @Test
    void turnsRejectedByTheExecutorFailWithTheReason() {
        TurnQueue queue = new TurnQueue(starters);
        CompletableFuture<String> worker = new CompletableFuture<>();
        CompletableFuture<String> running = queue.submit("talk", () -> running(worker));
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waiting.add(queue.submit("talk", () -> running(new CompletableFuture<>())));
        }
        starters.shutdown();

        worker.complete("one");

        assertThat(running).isCompletedWithValue("one");
        assertThat(waiting)
                .allSatisfy(answer ->
                        assertThatThrownBy(answer::join).hasCauseInstanceOf(RejectedExecutionException.class));
        assertThat(queue.activeSessions()).isZero();
    }

    @Test
    void concurrentSubmitsCancelsAndEndsNeverMakeTurnsOverlap() throws Exception {
        int sessions = 3;
        int callers = 4;
        int turnsEach = 500;
        TurnQueue queue = new TurnQueue(starters);
        List<AtomicInteger> live = List.of(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
        AtomicInteger overlaps = new AtomicInteger();
        LinkedBlockingQueue<Runnable> ends = new LinkedBlockingQueue<>();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(callers + 1);
        try {
            CountDownLatch sent = new CountDownLatch(callers);
            for (int caller = 0; caller < callers; caller++) {
                pool.execute(() -> {
                    for (int i = 0; i < turnsEach; i++) {
                        int session = i % sessions;
                        CompletableFuture<String> answer = queue.submit("s" + session, () -> {
                            if (live.get(session).incrementAndGet() != 1) {
                                overlaps.incrementAndGet();
                            }
                            CompletableFuture<String> worker = new CompletableFuture<>();
                            ends.add(() -> {
                                live.get(session).decrementAndGet();
                                worker.complete("done");
                            });
                            return running(worker);
                        });
                        synchronized (answers) {
                            answers.add(answer);
                        }
                        if (ThreadLocalRandom.current().nextInt(3) == 0) {
                            answer.cancel(true);
                        }
                    }
                    sent.countDown();
                });
            }
            pool.execute(() -> {
                try {
                    while (sent.getCount() > 0 || queue.activeSessions() > 0) {
                        Runnable end = ends.poll(1, TimeUnit.MILLISECONDS);
                        if (end != null) {
                            end.run();
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            assertThat(sent.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            for (CompletableFuture<String> answer : answers) {
                answer.handle((done, failure) -> "over").get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(overlaps).hasValue(0);
        assertThat(answers).hasSize(callers * turnsEach);
        assertThat(queue.activeSessions()).isZero();
    }
}

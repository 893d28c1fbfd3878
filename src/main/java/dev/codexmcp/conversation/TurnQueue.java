package dev.codexmcp.conversation;

import dev.codexmcp.job.JobException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The order of turns: those of one session run strictly one after the other, in the order in which they were submitted.
 * Sessions do not wait for each other. Thread-safe.
 *
 * <pre>
 *              its turn           start() returns          its result is complete
 *   WAITING ─────────────▶ STARTING ─────────────▶ RUNNING ──────────────────────▶ OVER
 *      │                      │ start() throws                                      ▲
 *      └──────────────────────┴─────────────────────────────────────────────────────┘
 *        cancelled
 * </pre>
 *
 * A turn is over when its worker has ended, not when its caller stops waiting: cancelling the answer of a running turn asks
 * the worker to end, and the next turn waits until it has. Cancelling a waiting turn takes it out of the queue. A session has
 * an entry here only as long as it has a turn.
 *
 * <p>The first turn of an idle session starts on the thread that submits it, any other one on the executor, since starting a
 * worker may block. {@code this} guards the queues; callers' code runs outside the lock.
 */
public final class TurnQueue {
    /**
     * Starts a turn. It may block.
     *
     * @param <T> what the turn answers
     */
    @FunctionalInterface
    public interface TurnStarter<T> {
        /**
         * Called once at most, when all earlier turns of the session are over.
         *
         * @throws JobException if the turn cannot be started; the answer then fails with it
         */
        RunningTurn<T> start() throws JobException;
    }

    /**
     * A turn whose worker has been started.
     *
     * @param <T> what the turn answers
     */
    public interface RunningTurn<T> {
        /** Completes once, when the worker has ended with all that it started, whatever made it end. */
        CompletableFuture<T> result();

        /** Asks the worker to end. Returns at once. */
        void cancel();
    }

    private static final class Turn<T> {
        final String session;
        final TurnStarter<T> starter;
        final CompletableFuture<T> answer = new CompletableFuture<>();

        Turn(String session, TurnStarter<T> starter) {
            this.session = session;
            this.starter = starter;
        }
    }

    private final Executor executor;

    /** By session, its turns that are not over. The first one is STARTING or RUNNING, or about to be. Never empty. */
    private final Map<String, Deque<Turn<?>>> queues = new HashMap<>();

    /** @param executor starts turns that had to wait; if it refuses one, that turn's answer fails with the refusal */
    public TurnQueue(Executor executor) {
        this.executor = executor;
    }

    /**
     * Runs a turn after all turns of the session that were submitted before.
     *
     * @return the turn's answer, which completes when the turn is over; cancelling it cancels the turn
     */
    public <T> CompletableFuture<T> submit(String session, TurnStarter<T> starter) {
        Turn<T> turn = new Turn<>(session, starter);
        turn.answer.whenComplete((answer, failure) -> dropIfWaiting(turn));
        boolean first;
        synchronized (this) {
            Deque<Turn<?>> queue = queues.computeIfAbsent(session, id -> new ArrayDeque<>());
            first = queue.isEmpty();
            queue.add(turn);
        }
        if (first) {
            run(turn);
        }
        return turn.answer;
    }

    /** How many sessions have turns that are not over. */
    synchronized int activeSessions() {
        return queues.size();
    }

    private synchronized void dropIfWaiting(Turn<?> turn) {
        Deque<Turn<?>> queue = queues.get(turn.session);
        if (queue != null && queue.peek() != turn) {
            queue.remove(turn);
        }
    }

    private <T> void run(Turn<T> turn) {
        if (turn.answer.isDone()) {
            startNext(turn);
            return;
        }
        RunningTurn<T> running;
        try {
            running = turn.starter.start();
        } catch (JobException | RuntimeException | Error e) {
            turn.answer.completeExceptionally(e);
            startNext(turn);
            return;
        }
        running.result().whenComplete((result, failure) -> {
            try {
                if (failure == null) {
                    turn.answer.complete(result);
                } else {
                    turn.answer.completeExceptionally(failure);
                }
            } finally {
                startNext(turn);
            }
        });
        // Runs at once if the caller cancelled while the worker was being started.
        turn.answer.whenComplete((answer, failure) -> {
            if (turn.answer.isCancelled()) {
                running.cancel();
            }
        });
    }

    /** This turn is over: hands the session's next one to the executor. */
    private void startNext(Turn<?> over) {
        Turn<?> next = removeAndPeek(over);
        while (next != null) {
            Turn<?> starting = next;
            try {
                executor.execute(() -> run(starting));
                return;
            } catch (RuntimeException | Error e) {
                starting.answer.completeExceptionally(e);
                next = removeAndPeek(starting);
            }
        }
    }

    private synchronized @Nullable Turn<?> removeAndPeek(Turn<?> over) {
        Deque<Turn<?>> queue = queues.get(over.session);
        if (queue == null) {
            return null;
        }
        queue.remove(over);
        if (queue.isEmpty()) {
            queues.remove(over.session);
        }
        return queue.peek();
    }
}

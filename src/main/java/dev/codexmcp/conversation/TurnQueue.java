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
 * Orders turns. The turns of one session run strictly one after another, in the order they were submitted; sessions do
 * not wait for each other. Thread-safe.
 *
 * <pre>
 *              its turn           start() returns          its worker has ended
 *   WAITING ─────────────▶ STARTING ─────────────▶ RUNNING ──────────────────────▶ OVER
 *      │                      │ start() throws                                      ▲
 *      └──────────────────────┴─────────────────────────────────────────────────────┘
 *        canceled
 * </pre>
 *
 * A turn is over when its worker has ended, not when its caller stops waiting: canceling the result of a running turn
 * asks the worker to exit, and the next turn waits until it has ended. Canceling a waiting turn removes it from the
 * queue. A session has an entry here only while it has a turn.
 *
 * <p>The first turn of an idle session starts on the submitting thread, any other on the executor, since starting a
 * worker may block. {@code this} guards the queues; callers' code runs outside the lock.
 */
public final class TurnQueue {
    /**
     * Starts a turn. May block.
     *
     * @param <T> the type of the result
     */
    @FunctionalInterface
    public interface TurnStarter<T> {
        /**
         * Called at most once, when all earlier turns of the session are over.
         *
         * @throws JobException if the turn cannot be started; the result then fails with it
         */
        RunningTurn<T> start() throws JobException;
    }

    /**
     * A turn whose worker has been started.
     *
     * @param <T> the type of the result
     */
    public interface RunningTurn<T> {
        /** Completes once, at the end of the turn at the latest. */
        CompletableFuture<T> result();

        /** Completes when the worker and all its descendants have ended for any reason. */
        default CompletableFuture<?> over() {
            return result();
        }

        /** Asks the worker to exit. Returns at once. */
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

    /**
     * The turns that are not over, by session. The first of each is STARTING or RUNNING, or about to be. No queue is
     * empty.
     */
    private final Map<String, Deque<Turn<?>>> queues = new HashMap<>();

    /** @param executor starts turns that had to wait; if it rejects one, that turn fails with the rejection */
    public TurnQueue(Executor executor) {
        this.executor = executor;
    }

    /**
     * Runs a turn after all turns submitted earlier in the session.
     *
     * @return the turn's result; canceling it cancels the turn
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
                running.over().whenComplete((over, broken) -> startNext(turn));
            }
        });
        // Runs at once if the caller canceled while the worker was being started.
        turn.answer.whenComplete((answer, failure) -> {
            if (turn.answer.isCancelled()) {
                running.cancel();
            }
        });
    }

    /** Passes the session's next turn to the executor, now that this one is over. */
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

package dev.codexmcp.worker.remote;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Submits workers at a {@link LaunchPace}, in the order in which they came. Thread-safe. */
final class Submissions<W> {
    /**
     * How many workers may be between their submission and their start for the next to be submitted by the caller, who then learns at
     * once if that fails. On a busy machine each takes a while, and a caller with hundreds would keep others waiting.
     */
    private static final int BY_CALLER = 4;

    private final LaunchPace pace;
    private final Executor threads;
    private final ScheduledExecutorService timer;

    /** Those whose turn has not come, in order; the work of those among them that have been withdrawn is gone. */
    private final Deque<W> order = new ArrayDeque<>();

    private final Map<W, Runnable> waiting = new HashMap<>();
    private final Set<W> connecting = new HashSet<>();
    private boolean retrying;

    /** @param threads run the submissions whose turn comes later; they may block */
    Submissions(LaunchPace pace, Executor threads, ScheduledExecutorService timer) {
        this.pace = pace;
        this.threads = threads;
        this.timer = timer;
    }

    /**
     * Whether the caller should submit this worker now. If not, {@code later} runs when its turn has come.
     *
     * @param later must not throw
     */
    boolean begin(W worker, Runnable later) {
        synchronized (this) {
            if (waiting.isEmpty() && connecting.size() < BY_CALLER && pace.tryBegin()) {
                connecting.add(worker);
                return true;
            }
            waiting.put(worker, later);
            order.add(worker);
        }
        continueInOrder();
        return false;
    }

    /** Takes a worker back. Returns false if its turn has come. */
    synchronized boolean withdraw(W worker) {
        return waiting.remove(worker) != null;
    }

    /** Whether the worker's turn has yet to come. */
    synchronized boolean isWaiting(W worker) {
        return waiting.containsKey(worker);
    }

    /** The worker runs, or will never run. */
    void connected(W worker) {
        synchronized (this) {
            if (!connecting.remove(worker)) {
                return;
            }
            pace.connected();
        }
        continueInOrder();
    }

    private void continueInOrder() {
        Runnable next = next();
        while (next != null) {
            threads.execute(next);
            next = next();
        }
    }

    private synchronized @Nullable Runnable next() {
        W worker = order.peek();
        while (worker != null && !waiting.containsKey(worker)) {
            order.remove();
            worker = order.peek();
        }
        if (worker == null) {
            return null;
        }
        if (!pace.tryBegin()) {
            retryLater();
            return null;
        }
        order.remove();
        connecting.add(worker);
        return waiting.remove(worker);
    }

    private void retryLater() {
        long millis = pace.retryMillis();
        if (millis > 0 && !retrying) {
            retrying = true;
            timer.schedule(this::retry, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void retry() {
        synchronized (this) {
            retrying = false;
        }
        continueInOrder();
    }
}

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
final class Submissions {
    private final LaunchPace pace;
    private final Executor threads;
    private final ScheduledExecutorService timer;

    /** Those whose turn has not come, in order; the work of those among them that have been withdrawn is gone. */
    private final Deque<RemoteWorker> order = new ArrayDeque<>();

    private final Map<RemoteWorker, Runnable> waiting = new HashMap<>();
    private final Set<RemoteWorker> connecting = new HashSet<>();
    private boolean retrying;

    /** @param threads run the submissions whose turn comes later; they may block */
    Submissions(LaunchPace pace, Executor threads, ScheduledExecutorService timer) {
        this.pace = pace;
        this.threads = threads;
        this.timer = timer;
    }

    /**
     * Whether it is this worker's turn. If not, {@code later} runs when it is.
     *
     * @param later must not throw
     */
    synchronized boolean begin(RemoteWorker worker, Runnable later) {
        if (waiting.isEmpty() && pace.tryBegin()) {
            connecting.add(worker);
            return true;
        }
        waiting.put(worker, later);
        order.add(worker);
        retryLater();
        return false;
    }

    /** Takes a worker back. Returns false if its turn has come. */
    synchronized boolean withdraw(RemoteWorker worker) {
        return waiting.remove(worker) != null;
    }

    /** Whether the worker's turn has yet to come. */
    synchronized boolean isWaiting(RemoteWorker worker) {
        return waiting.containsKey(worker);
    }

    /** The worker runs, or will never run. */
    void connected(RemoteWorker worker) {
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
        RemoteWorker worker = order.peek();
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

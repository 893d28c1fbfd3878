package dev.codexmcp.job.changes;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the snapshots of a tree, one at a time. Requests that come while one is being taken share the next. Between two snapshots
 * for which nobody waits there may be a pause, see {@link SnapshotPace}. Thread-safe.
 */
final class SnapshotQueue {
    /**
     * How long a request waits at least, in nanoseconds, if nobody waits for it: the answer to the call that has started or ended a job
     * goes first, and jobs that start in quick succession share a snapshot.
     */
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(5);

    private final Executor threads;
    private final Runnable take;

    /** For the requests since the last snapshot began. Guarded by {@code this}, like all that follow. */
    private @Nullable CompletableFuture<Void> next;

    /** Whether a thread takes one. */
    private boolean taking;

    /** Takes the next one on a thread of the pool; null if none is scheduled, or if the snapshot has been taken earlier. */
    private @Nullable Runnable scheduled;

    /** Whether {@link #scheduled} waits for the end of a pause, and not only for a thread. */
    private boolean pausing;

    private final SnapshotPace pace = new SnapshotPace(System.nanoTime());

    /** @param take takes a snapshot; must not throw */
    SnapshotQueue(Executor threads, Runnable take) {
        this.threads = threads;
        this.take = take;
    }

    /**
     * Asks for a snapshot. Completes when one has been tried that began after this call; soon, but possibly after a pause. Fails if the system
     * refuses the thread for it.
     */
    synchronized CompletableFuture<Void> ask() {
        CompletableFuture<Void> wanted = wanted();
        if (!taking && scheduled == null) {
            schedule();
        }
        return wanted;
    }

    /** As {@link #ask}, without a pause. */
    synchronized CompletableFuture<Void> askNow() {
        CompletableFuture<Void> wanted = wanted();
        if (!taking && (scheduled == null || pausing)) {
            schedule(0);
        }
        return wanted;
    }

    /**
     * As {@link #askNow}, done when this returns. Takes the snapshot on this thread, unless another takes one at the moment: all threads
     * of the pool may be waiting for this one.
     */
    void takeHere() {
        CompletableFuture<Void> wanted;
        boolean here;
        synchronized (this) {
            wanted = wanted();
            here = !taking;
            if (here) {
                begin();
            }
        }
        if (here) {
            run();
        }
        wanted.join();
    }

    private CompletableFuture<Void> wanted() {
        CompletableFuture<Void> wanted = next;
        if (wanted == null) {
            wanted = new CompletableFuture<>();
            next = wanted;
        }
        return wanted;
    }

    private void schedule() {
        schedule(Math.max(REST, pace.left(System.nanoTime())));
    }

    private void schedule(long pause) {
        Runnable turn = new Runnable() {
            @Override
            public void run() {
                takeTurn(this);
            }
        };
        scheduled = turn;
        pausing = pause > 0;
        submit(
                turn,
                pausing
                        ? CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, task -> submit(task, threads))
                        : threads);
    }

    /** If the system refuses the thread, the requests so far fail, and the next one tries again. */
    private void submit(Runnable turn, Executor executor) {
        try {
            executor.execute(turn);
        } catch (RuntimeException | Error e) {
            CompletableFuture<Void> wanted;
            synchronized (this) {
                if (scheduled != turn) {
                    return;
                }
                scheduled = null;
                wanted = next;
                next = null;
            }
            if (wanted != null) {
                wanted.completeExceptionally(e);
            }
        }
    }

    private void takeTurn(Runnable turn) {
        synchronized (this) {
            if (scheduled != turn) {
                return;
            }
            begin();
        }
        run();
    }

    private void begin() {
        scheduled = null;
        taking = true;
    }

    private void run() {
        CompletableFuture<Void> wanted;
        synchronized (this) {
            wanted = next;
            next = null;
        }
        long begun = System.nanoTime();
        try {
            take.run();
        } finally {
            synchronized (this) {
                taking = false;
                pace.taken(begun, System.nanoTime());
                if (next != null) {
                    schedule();
                }
            }
            if (wanted != null) {
                wanted.complete(null);
            }
        }
    }
}

package dev.codexmcp.job.changes;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the snapshots of a tree, one at a time. Those who ask while one is being taken share the next. Between two snapshots
 * for which nobody waits there is a pause: when hundreds of jobs start and end each second, git would otherwise take the
 * processors that they need. Thread-safe.
 */
final class SnapshotQueue {
    /** The pause is this many times as long as the last snapshot took. */
    private static final int PAUSE_FACTOR = 3;

    /** The longest pause, in nanoseconds: much less than a model needs for a worker's first action. */
    private static final long MOST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Executor threads;
    private final Runnable take;

    /** For those who have asked since the last snapshot began. Guarded by {@code this}, like all that follow. */
    private @Nullable CompletableFuture<Void> next;

    private boolean taking;

    /** The pause that is going on, or that a call which did not wait for its end has replaced. */
    private @Nullable Object pause;

    private long pauseNanos;
    private long lastEnd = System.nanoTime() - MOST_PAUSE;

    /** @param take takes a snapshot; must not throw */
    SnapshotQueue(Executor threads, Runnable take) {
        this.threads = threads;
        this.take = take;
    }

    /** Asks for a snapshot. Completes when one has been tried that began after this call; soon, but possibly after a pause. */
    synchronized CompletableFuture<Void> ask() {
        CompletableFuture<Void> wanted = wanted();
        if (!taking && pause == null) {
            begin();
        }
        return wanted;
    }

    /** As {@link #ask}, without a pause. */
    synchronized CompletableFuture<Void> askNow() {
        CompletableFuture<Void> wanted = wanted();
        if (!taking) {
            beginNow();
        }
        return wanted;
    }

    private CompletableFuture<Void> wanted() {
        CompletableFuture<Void> wanted = next;
        if (wanted == null) {
            wanted = new CompletableFuture<>();
            next = wanted;
        }
        return wanted;
    }

    private void begin() {
        long left = pauseNanos - (System.nanoTime() - lastEnd);
        if (left <= 0) {
            beginNow();
            return;
        }
        Object begun = new Object();
        pause = begun;
        CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, threads).execute(() -> pauseEnded(begun));
    }

    private void pauseEnded(Object ended) {
        synchronized (this) {
            if (pause != ended) {
                return;
            }
            pause = null;
            taking = true;
        }
        run();
    }

    private void beginNow() {
        pause = null;
        taking = true;
        threads.execute(this::run);
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
                lastEnd = System.nanoTime();
                pauseNanos = Math.min(MOST_PAUSE, PAUSE_FACTOR * (lastEnd - begun));
                if (next != null) {
                    begin();
                }
            }
            if (wanted != null) {
                wanted.complete(null);
            }
        }
    }
}

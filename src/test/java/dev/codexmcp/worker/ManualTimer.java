package dev.codexmcp.worker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer whose tasks run when the test says so. */
final class ManualTimer extends ScheduledThreadPoolExecutor {
    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

    ManualTimer() {
        super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        due.add(command);
        return super.schedule(() -> {}, 0, TimeUnit.NANOSECONDS);
    }

    int waiting() {
        return due.size();
    }

    /** Runs all scheduled tasks on the caller's thread. */
    void runAll() {
        for (Runnable next = due.poll(); next != null; next = due.poll()) {
            next.run();
        }
    }
}

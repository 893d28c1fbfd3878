package dev.codexmcp.job;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The single thread for delayed and periodic tasks, which must be short and not block. */
public final class JobTimer {
    private JobTimer() {}

    /** A timer whose thread starts with the first task. */
    public static ScheduledThreadPoolExecutor create() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true); // else ten thousand ended waits would retain their jobs for minutes
        return timer;
    }
}

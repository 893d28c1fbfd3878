package dev.codexmcp.job;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The one thread for whatever has to be done later, or again and again. Its tasks must be short and not block. */
public final class JobTimer {
    private JobTimer() {}

    /** A timer whose thread begins with its first task. */
    public static ScheduledThreadPoolExecutor create() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true); // ten thousand ended waits would keep their jobs for minutes
        return timer;
    }
}

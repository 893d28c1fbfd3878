package dev.codexmcp.worker.remote;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Up to four threads for commands of engines, which may take long if an engine is down. They end after ten idle seconds. */
final class EngineThreads implements Executor {
    private static final int MOST = 4;

    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(MOST, MOST, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(null, task, "engine", 256 * 1024);
                thread.setDaemon(true);
                return thread;
            });

    EngineThreads() {
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }
}

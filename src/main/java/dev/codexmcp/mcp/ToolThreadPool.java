package dev.codexmcp.mcp;

import dev.codexmcp.mcp.stdio.LineWriter;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for calls that may block. A call goes to an idle thread, else to a new one, and waits only if all threads
 * that may exist are busy. Each thread writes its own answers, which saves a thread switch.
 */
final class ToolThreadPool extends ThreadPoolExecutor {
    /** The maximum number of blocking calls at a time. */
    static final int MOST = 16;

    private static final long IDLE_SECONDS = 10;
    private static final long STACK = 512 * 1024;

    private final LineWriter writer;

    ToolThreadPool(LineWriter writer) {
        // One thread stays: after a pause, a call would otherwise wait for a new one to start.
        super(1, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new ToIdleThread(), task -> {
            Runnable deferring = () -> {
                writer.deferToFlush();
                task.run();
            };
            Thread thread = new Thread(null, deferring, "call", STACK);
            thread.setDaemon(true);
            return thread;
        });
        this.writer = writer;
        setRejectedExecutionHandler((task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("the server is shutting down");
            }
            ((ToIdleThread) pool.getQueue()).put(task);
        });
    }

    @Override
    protected void afterExecute(Runnable task, Throwable failure) {
        writer.flush();
    }

    /**
     * Refuses a task if no thread is idle, so that the pool starts threads, up to its maximum, before tasks queue up.
     */
    private static final class ToIdleThread extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }
    }
}

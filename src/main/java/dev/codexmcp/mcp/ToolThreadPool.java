package dev.codexmcp.mcp;

import dev.codexmcp.mcp.stdio.LineWriter;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which calls run that may block. A call goes to a thread that has nothing to do, else to a new one; it waits
 * only where all that may be are stuck. Each writes its own answers, which saves a change of threads.
 */
final class ToolThreadPool extends ThreadPoolExecutor {
    /** So many calls that block do so side by side. */
    static final int MOST = 16;

    private static final long IDLE_SECONDS = 10;
    private static final long STACK = 512 * 1024;

    private final LineWriter writer;

    ToolThreadPool(LineWriter writer) {
        // One stays: after a pause a call would wait for the start of another.
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

    /** Refuses a task that no thread waits for: then the pool starts a thread, up to its bound, before tasks queue up. */
    private static final class ToIdleThread extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }
    }
}

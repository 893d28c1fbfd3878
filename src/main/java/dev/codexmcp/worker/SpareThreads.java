package dev.codexmcp.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A pool of threads started before they are needed. Starting a thread blocks until the system first schedules it, and a
 * worker that has just started keeps the processors busy: with two pumps per worker, that wait would dominate a spawn.
 * So each thread starts replacements before it runs its work.
 *
 * <p>The threads are daemons. {@code this} guards the idle threads and the count of starting ones.
 */
final class SpareThreads {
    /** The minimum number of idle threads: one worker's pumps. */
    static final int LEAST = 2;

    /** The maximum number of idle threads: above the minimum, so that consecutive jobs reuse threads. */
    static final int MOST = 6;

    private final String name;
    private final long stack;
    private final Deque<Spare> idle = new ArrayDeque<>();
    private int starting;

    /**
     * @param name of an idle thread
     * @param stack the stack size of each thread, in bytes
     */
    SpareThreads(String name, long stack) {
        this.name = name;
        this.stack = stack;
    }

    /**
     * Runs the work on a thread with that name.
     *
     * @throws OutOfMemoryError if no thread is idle and the system refuses another; the work is not run
     */
    void run(String threadName, Runnable work) {
        Spare thread = take();
        if (thread == null) {
            thread = new Spare();
            thread.start();
        }
        thread.begin(threadName, work);
    }

    /** Starts threads until {@link #LEAST} are idle or the system refuses more. */
    void prepare() {
        while (wantsMore()) {
            Spare thread = new Spare();
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                started(null); // run() reports it if a thread is really needed
                return;
            }
            started(thread);
        }
    }

    private synchronized boolean wantsMore() {
        if (idle.size() + starting >= LEAST) {
            return false;
        }
        starting++;
        return true;
    }

    private synchronized void started(@Nullable Spare thread) {
        starting--;
        if (thread != null) {
            idle.add(thread);
        }
    }

    private synchronized @Nullable Spare take() {
        return idle.pollLast(); // the most recently used: its data is most likely still cached
    }

    /** @return false if enough threads are idle */
    private synchronized boolean giveBack(Spare thread) {
        return idle.size() < MOST && idle.offer(thread);
    }

    private final class Spare extends Thread {
        /** The next work and the thread name for it. Guarded by {@code this}. */
        private @Nullable Runnable work;

        private String workName = "";

        Spare() {
            super(null, null, name, stack);
            setDaemon(true);
        }

        synchronized void begin(String threadName, Runnable next) {
            workName = threadName;
            work = next;
            notify();
        }

        @Override
        public void run() {
            try {
                do {
                    Runnable next = await();
                    prepare();
                    next.run();
                    setName(name);
                } while (giveBack(this));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized Runnable await() throws InterruptedException {
            while (work == null) {
                wait();
            }
            setName(workName);
            Runnable next = work;
            work = null;
            return next;
        }
    }
}

package dev.codexmcp.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Threads that have been started before they are needed. Whoever starts a thread waits until the system has given it a
 * processor for the first time, and those are taken by the worker that has just been started: with two pumps for each worker
 * that wait would be the longest part of a spawn. So each thread that is put to work sees first that others are ready.
 *
 * <p>The threads are daemons. {@code this} guards who is idle, and how many are about to be.
 */
final class SpareThreads {
    /** So many at least wait for work: a worker's pumps. */
    static final int LEAST = 2;

    /** So many are kept at most once their work is done: more than the least, so that one job after the other needs no more. */
    static final int MOST = 6;

    private final String name;
    private final long stack;
    private final Deque<Spare> idle = new ArrayDeque<>();
    private int starting;

    /**
     * @param name of a thread that waits for work
     * @param stack how much a thread's stack may take, in bytes
     */
    SpareThreads(String name, long stack) {
        this.name = name;
        this.stack = stack;
    }

    /**
     * Runs this on a thread of that name.
     *
     * @throws OutOfMemoryError where there is none to spare, and the system refuses another; then it is not run
     */
    void run(String threadName, Runnable work) {
        Spare thread = take();
        if (thread == null) {
            thread = new Spare();
            thread.start();
        }
        thread.begin(threadName, work);
    }

    /** Sees that threads are ready, as far as the system grants them. */
    void prepare() {
        while (wantsMore()) {
            Spare thread = new Spare();
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                started(null); // whoever needs one will be told
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
        return idle.pollLast(); // the one that has run last: what it needs is still at hand
    }

    /** @return false where there are enough */
    private synchronized boolean giveBack(Spare thread) {
        return idle.size() < MOST && idle.offer(thread);
    }

    private final class Spare extends Thread {
        /** What to do next, under which name. Guarded by {@code this}. */
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

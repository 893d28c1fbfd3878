package dev.codexmcp.worker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends processes with all that they have started. One thread works off the requests, in batches, and looks at new processes
 * in between, so that it knows what belongs to whom before parents die.
 *
 * <p>How a tree is ended, found by trying it on the real CLI in every sandbox mode: look at what the root has started, then
 * signal the root (and, if forced, all of it), and once the root is gone kill what is left and what has come since. Killing
 * the root alone leaves npm's wrapped binary running; killing the process group misses shells that live in sessions of their
 * own.
 *
 * <p>Signals go through {@link ProcessHandle}, which compares the start time first: a number that has meanwhile been given to
 * another process is not signalled.
 */
public final class ProcessTreeKiller {
    /** Rounds of looking for newcomers after a kill, should processes breed faster than they die. */
    private static final int ROUNDS = 20;

    /** How often new processes are looked at, and it is noticed that a worker has exited whose streams are still open. */
    private static final long LOOK_MILLIS = 200;

    /** How long a killed process may take to be gone: one in the middle of a disk access takes its time. */
    private static final long DEATH_MILLIS = 500;

    private static final Logger log = LoggerFactory.getLogger(ProcessTreeKiller.class);

    private final String variable;
    private final @Nullable Watchdog watchdog;

    /** Of the thread alone, like all that follows. */
    private final DescendantTracker tracker;

    private final Set<ChildProcess> watched = new HashSet<>();
    private long nextLook = System.nanoTime();

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private sealed interface Request {
        /** Notice when the root has exited. */
        record Watch(ChildProcess child) implements Request {}

        /** Ask the root to end, or kill it with all it has started. */
        record End(ChildProcess child, boolean force) implements Request {}

        /** The root is gone: kill what it left behind, then say so. */
        record Sweep(ChildProcess child) implements Request {}
    }

    /** Without a watchdog. */
    ProcessTreeKiller(String variable) {
        this(variable, null);
    }

    /**
     * Starts the thread.
     *
     * @param variable of the environment, in which the cookies stand
     * @param watchdog told of every worker and of what it has started, as soon as that is known
     */
    public ProcessTreeKiller(String variable, @Nullable Watchdog watchdog) {
        this.variable = variable;
        this.watchdog = watchdog;
        this.tracker = new DescendantTracker(variable, watchdog);
        Thread thread = new Thread(null, this::run, "reaper", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    /** A worker has been started: the watchdog knows it when this returns. */
    void started(ProcessHandle root) {
        if (watchdog != null) {
            ProcFs.start(root).ifPresent(start -> watchdog.add(root.pid(), start));
        }
    }

    void watch(ChildProcess child) {
        requests.add(new Request.Watch(child));
    }

    void end(ChildProcess child, boolean force) {
        requests.add(new Request.End(child, force));
    }

    void sweep(ChildProcess child) {
        requests.add(new Request.Sweep(child));
    }

    /** Kills every process of whose cookies one begins with {@code prefix}, until none is left that was not there before. */
    public void killCarriers(String prefix) {
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (!kill(carriers(variable, prefix), killed)) {
                return;
            }
        }
    }

    /** All processes of this machine of whose cookies one begins with this, but for this process. */
    static List<ProcessHandle> carriers(String variable, String prefix) {
        return ProcFs.pids()
                .filter(pid -> carries(pid, variable, prefix))
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                // Once more: the number may have changed hands before the handle was made.
                .filter(process -> carries(process.pid(), variable, prefix))
                .filter(process -> !process.equals(ProcessHandle.current()))
                .toList();
    }

    private static boolean carries(long pid, String variable, String prefix) {
        return ProcFs.cookies(pid, variable).stream().anyMatch(cookie -> cookie.startsWith(prefix));
    }

    private void run() {
        try {
            while (true) {
                Request first = watched.isEmpty()
                        ? requests.take()
                        : requests.poll(Math.max(0, nextLook - System.nanoTime()), TimeUnit.NANOSECONDS);
                List<Request> batch = new ArrayList<>();
                if (first != null) {
                    batch.add(first);
                    requests.drainTo(batch);
                }
                try {
                    handle(batch);
                } catch (RuntimeException | Error e) {
                    log.error("A worker could not be ended with all it started: ending it alone", e);
                    batch.forEach(ProcessTreeKiller::handleBlindly);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What can be done for a request without knowing which processes there are. */
    private static void handleBlindly(Request request) {
        if (request instanceof Request.End end) {
            end.child().signal(end.force());
        } else if (request instanceof Request.Sweep sweep) {
            sweep.child().swept();
        }
    }

    private void handle(List<Request> batch) {
        List<Request.End> ends = new ArrayList<>();
        List<ChildProcess> gone = new ArrayList<>();
        for (Request request : batch) {
            if (request instanceof Request.Watch watch) {
                watched.add(watch.child());
                tracker.follow(watch.child().root(), watch.child().cookie());
            } else if (request instanceof Request.End end) {
                ends.add(end);
            } else if (request instanceof Request.Sweep sweep) {
                gone.add(sweep.child());
            }
        }
        if (!ends.isEmpty() || System.nanoTime() - nextLook >= 0) {
            nextLook = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
            tracker.look();
        }
        for (Request.End end : ends) {
            Set<ProcessHandle> members = tracker.descendants(end.child().cookie());
            end.child().signal(end.force());
            if (end.force()) {
                members.forEach(ProcessHandle::destroyForcibly);
            }
        }
        if (!gone.isEmpty()) {
            sweepAll(gone);
        }
        boolean someEnded = watched.removeIf(this::noticeEnd);
        if (someEnded && watched.isEmpty()) {
            tracker.prune();
        }
    }

    private boolean noticeEnd(ChildProcess child) {
        boolean ended = child.noticeExit();
        if (ended) {
            tracker.release(child.cookie());
        }
        return ended;
    }

    private void sweepAll(List<ChildProcess> gone) {
        boolean newcomers = true;
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; newcomers && round < ROUNDS; round++) {
            tracker.look(); // what was started between the signal and the root's end is not known yet
            newcomers = false;
            for (ChildProcess child : gone) {
                newcomers |= kill(tracker.descendants(child.cookie()), killed);
            }
        }
        awaitDeath(killed);
        gone.forEach(ChildProcess::swept);
    }

    /** Killed is not dead yet: who is told that a job has ended relies on nothing being written any more. */
    private static void awaitDeath(Set<ProcessHandle> killed) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEATH_MILLIS);
        for (ProcessHandle process : killed) {
            while (ProcFs.isRunning(process) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    private static boolean kill(Iterable<ProcessHandle> processes, Set<ProcessHandle> killed) {
        boolean any = false;
        for (ProcessHandle process : processes) {
            if (killed.add(process)) {
                process.destroyForcibly();
                any = true;
            }
        }
        return any;
    }
}

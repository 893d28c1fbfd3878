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
 * Ends processes and all their descendants. One thread handles the requests in batches and examines new processes in
 * between, so that it knows which worker each belongs to before parents die.
 *
 * <p>The procedure, established with the real CLI in every sandbox mode: find the root's descendants, signal the root
 * (and, if forced, all descendants), and once the root is gone kill the remaining and any new descendants. Killing the
 * root alone leaves npm's wrapped binary running; killing the process group misses shells in sessions of their own.
 *
 * <p>Signals go through {@link ProcessHandle}, which first compares the start time, so a process that has reused an ID
 * is never signaled.
 */
public final class ProcessTreeKiller {
    /** How many times to look for new processes after a kill, in case they are started faster than they are killed. */
    private static final int ROUNDS = 20;

    /** How often to examine new processes and to check for workers that exited with their streams still open. */
    private static final long LOOK_MILLIS = 200;

    /** How long to wait for a killed process to die: disk access can delay that. */
    private static final long DEATH_MILLIS = 500;

    private static final Logger log = LoggerFactory.getLogger(ProcessTreeKiller.class);

    private final String variable;
    private final @Nullable Watchdog watchdog;

    /** Used by the thread alone, like the next two fields. */
    private final DescendantTracker tracker;

    private final Set<ChildProcess> watched = new HashSet<>();
    private long nextLook = System.nanoTime();

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private sealed interface Request {
        /** Detect when the root exits. */
        record Watch(ChildProcess child) implements Request {}

        /** Ask the root to exit, or kill it and all its descendants. */
        record End(ChildProcess child, boolean force) implements Request {}

        /** The root is gone: kill its remaining descendants, then report that. */
        record Sweep(ChildProcess child) implements Request {}
    }

    /** Without a watchdog. */
    ProcessTreeKiller(String variable) {
        this(variable, null);
    }

    /**
     * Starts the thread.
     *
     * @param variable the environment variable that holds cookies
     * @param watchdog kept informed of every worker and its known descendants, unless null
     */
    public ProcessTreeKiller(String variable, @Nullable Watchdog watchdog) {
        this.variable = variable;
        this.watchdog = watchdog;
        this.tracker = new DescendantTracker(variable, watchdog);
        Thread thread = new Thread(null, this::run, "reaper", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    /** Registers a started worker with the watchdog before it returns. */
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

    /** Kills every process with a cookie that starts with {@code prefix}, and repeats until no new ones appear. */
    public void killCarriers(String prefix) {
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (!kill(carriers(variable, prefix), killed)) {
                return;
            }
        }
    }

    /** All processes on this machine, except this one, with a cookie that starts with {@code prefix}. */
    static List<ProcessHandle> carriers(String variable, String prefix) {
        return ProcFs.pids()
                .filter(pid -> carries(pid, variable, prefix))
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                // Check again: the process ID may have been reused before the handle was made.
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
                    log.error("Cannot end a worker and its descendants; ending the worker alone", e);
                    batch.forEach(ProcessTreeKiller::handleBlindly);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does what is possible without knowing any descendants. */
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
            tracker.look(); // processes started between the signal and the root's exit are not known yet
            newcomers = false;
            for (ChildProcess child : gone) {
                newcomers |= kill(tracker.descendants(child.cookie()), killed);
            }
        }
        awaitDeath(killed);
        gone.forEach(ChildProcess::swept);
    }

    /** Killed processes take a moment to die, and clients rely on a finished job writing nothing more. */
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

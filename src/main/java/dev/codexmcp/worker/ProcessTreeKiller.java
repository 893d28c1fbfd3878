package dev.codexmcp.worker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends processes with all that they have started. Requests are worked off by one thread in batches, so that ending five
 * hundred workers reads the process table a few times, not a thousand.
 *
 * <p>How a tree is ended, found by trying it on the real CLI in every sandbox mode: list what the root has started, then
 * signal the root (and, where forced, all of the list), and once the root is gone kill what is left of the list and what
 * has come since. Killing the root alone leaves npm's wrapped binary running; killing the process group misses shells that
 * live in sessions of their own.
 */
public final class ProcessTreeKiller {
    /** Rounds of looking for newcomers after a kill, should processes breed faster than they die. */
    private static final int ROUNDS = 20;

    /** How often it is noticed that a process has exited whose streams are still open. */
    private static final long LOOK_MILLIS = 200;

    /** How long a killed process may take to be gone: one in the middle of a disk access takes its time. */
    private static final long DEATH_MILLIS = 500;

    private static final Logger log = LoggerFactory.getLogger(ProcessTreeKiller.class);

    private final String markVariable;
    private final @Nullable Watchdog watchdog;

    /** The children that are being ended, with all that they are known to have started. Of the thread alone. */
    private final Map<ChildProcess, Set<ProcessHandle>> ending = new HashMap<>();

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
    ProcessTreeKiller(String markVariable) {
        this(markVariable, null);
    }

    /**
     * Starts the thread.
     *
     * @param markVariable of the environment, by whose value processes are known
     * @param watchdog told what would be forgotten if this process were killed while it ends others
     */
    public ProcessTreeKiller(String markVariable, @Nullable Watchdog watchdog) {
        this.markVariable = markVariable;
        this.watchdog = watchdog;
        Thread thread = new Thread(null, this::run, "reaper", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
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

    /** Kills every process of whose marks one begins with {@code prefix}, until none is left that was not there before. */
    public void killAllMarked(String prefix) {
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (!kill(ProcessTable.read(markVariable).markedWith(prefix), killed)) {
                return;
            }
        }
    }

    private void run() {
        Set<ChildProcess> watched = new HashSet<>();
        try {
            while (true) {
                Request first = watched.isEmpty() ? requests.take() : requests.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                List<Request> batch = new ArrayList<>();
                if (first != null) {
                    batch.add(first);
                    requests.drainTo(batch);
                }
                try {
                    handle(batch, watched);
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
            end.child().signalRoot(end.force());
        } else if (request instanceof Request.Sweep sweep) {
            sweep.child().swept();
        }
    }

    private void handle(List<Request> batch, Set<ChildProcess> watched) {
        List<Request.End> ends = new ArrayList<>();
        List<ChildProcess> gone = new ArrayList<>();
        for (Request request : batch) {
            if (request instanceof Request.Watch watch) {
                watched.add(watch.child());
            } else if (request instanceof Request.End end) {
                ends.add(end);
            } else if (request instanceof Request.Sweep sweep) {
                gone.add(sweep.child());
            }
        }
        if (!ends.isEmpty()) {
            ProcessTable table = ProcessTable.read(markVariable);
            ends.forEach(end -> ending.put(end.child(), end.child().leftovers(table)));
            // Before the first signal: once a parent is dead, its children can no longer be told from others.
            tellWatchdog();
            ends.forEach(end -> end.child().signal(table, end.force()));
        }
        if (!gone.isEmpty()) {
            sweepAll(gone);
        }
        watched.removeIf(ChildProcess::noticeExit);
    }

    private void sweepAll(List<ChildProcess> gone) {
        boolean newcomers = true;
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; newcomers && round < ROUNDS; round++) {
            // A fresh table: what was started between the signal and the root's end is in no earlier one.
            ProcessTable table = ProcessTable.read(markVariable);
            newcomers = false;
            for (ChildProcess child : gone) {
                newcomers |= kill(child.leftovers(table), killed);
            }
        }
        awaitDeath(killed);
        gone.forEach(ChildProcess::swept);
        gone.forEach(ending::remove);
        tellWatchdog();
    }

    private void tellWatchdog() {
        if (watchdog != null) {
            Set<ProcessHandle> known = new HashSet<>();
            ending.values().forEach(known::addAll);
            watchdog.tell(known);
        }
    }

    /** Killed is not dead yet: who is told that a job has ended relies on nothing being written any more. */
    private static void awaitDeath(Set<ProcessHandle> killed) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEATH_MILLIS);
        for (ProcessHandle process : killed) {
            while (ProcessTable.isRunning(process) && System.nanoTime() < deadline) {
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

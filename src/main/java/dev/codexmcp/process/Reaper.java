package dev.codexmcp.process;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Ends processes with all that they have started. Requests are worked off by one thread in batches, so that ending five
 * hundred workers reads the process table a few times, not a thousand.
 *
 * <p>How a tree is ended, found by trying it on the real CLI in every sandbox mode: list what the root has started, then
 * signal the root (and, where forced, all of the list), and once the root is gone kill what is left of the list and what
 * has come since. Killing the root alone leaves npm's wrapped binary running; killing the process group misses shells that
 * live in sessions of their own.
 */
public final class Reaper {
    /** Rounds of looking for newcomers after a kill, should processes breed faster than they die. */
    private static final int ROUNDS = 20;

    private final String markVariable;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private sealed interface Request {
        /** Ask the root to end, or kill it with all it has started. */
        record End(ChildProcess child, boolean force) implements Request {}

        /** The root is gone: kill what it left behind, then say so. */
        record Sweep(ChildProcess child) implements Request {}
    }

    /** Starts the thread. Processes are known by the value of {@code markVariable} in their environment. */
    public Reaper(String markVariable) {
        this.markVariable = markVariable;
        Thread thread = new Thread(null, this::run, "reaper", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    void end(ChildProcess child, boolean force) {
        requests.add(new Request.End(child, force));
    }

    void sweep(ChildProcess child) {
        requests.add(new Request.Sweep(child));
    }

    /** Kills every process whose mark begins with {@code prefix}, until none is left that was not there before. */
    public void killAllMarked(String prefix) {
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (!kill(ProcessTable.read(markVariable).markedWith(prefix), killed)) {
                return;
            }
        }
    }

    private void run() {
        while (true) {
            List<Request> batch = new ArrayList<>();
            try {
                batch.add(requests.take());
            } catch (InterruptedException e) {
                return;
            }
            requests.drainTo(batch);
            ProcessTable table = ProcessTable.read(markVariable);
            for (Request request : batch) {
                if (request instanceof Request.End end) {
                    end.child().signal(table, end.force());
                }
            }
            sweep(batch);
        }
    }

    private void sweep(List<Request> batch) {
        List<ChildProcess> gone = new ArrayList<>();
        for (Request request : batch) {
            if (request instanceof Request.Sweep sweep) {
                gone.add(sweep.child());
            }
        }
        boolean newcomers = !gone.isEmpty();
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; newcomers && round < ROUNDS; round++) {
            // A fresh table: what was started between the signal and the root's end is in no earlier one.
            ProcessTable table = ProcessTable.read(markVariable);
            newcomers = false;
            for (ChildProcess child : gone) {
                newcomers |= kill(child.leftovers(table), killed);
            }
        }
        gone.forEach(ChildProcess::swept);
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

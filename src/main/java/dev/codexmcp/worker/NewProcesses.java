package dev.codexmcp.worker;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Finds the processes started since the last look. Linux assigns process IDs in ascending order and publishes the
 * latest, so the cost of a look depends on how many processes have started since the last one, not on how many exist.
 *
 * <p>Not thread-safe.
 */
final class NewProcesses {
    /** Up to this many IDs are looked up one by one; for more, listing all processes is cheaper. */
    private static final long FEW = 400;

    /** An ID is assigned shortly before its process becomes visible, so each look goes back at least this far. */
    private static final long OVERLAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** After this long without a look, the IDs may have wrapped around. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long limit = ProcFs.pidLimit();

    /** The next look starts after this ID. */
    private long from;

    /** The latest ID as of {@link #recentTime}; becomes {@link #from} once {@link #OVERLAP_NANOS} have passed. */
    private long recent;

    private long recentTime;
    /** Whether the next look treats all processes as new. */
    private boolean all;

    private long lastLook = System.nanoTime() - LONG_NANOS - 1;

    /** Makes the next look start right after this recently assigned ID, or earlier. */
    void goBackTo(long pid) {
        long now = System.nanoTime();
        if (now - lastLook > LONG_NANOS) {
            from = pid;
            recent = pid;
            recentTime = now;
            lastLook = now;
            return;
        }
        OptionalLong last = ProcFs.lastPid();
        if (last.isPresent() && age(pid, last.getAsLong()) > age(from, last.getAsLong())) {
            from = pid;
        }
    }

    /** Makes the next look treat all processes as new. */
    void startOver() {
        all = true;
    }

    /** The IDs of the new processes and some older ones, oldest first. Some may be threads, or dead. */
    List<Long> look() {
        OptionalLong lastPid = ProcFs.lastPid();
        long now = System.nanoTime();
        if (lastPid.isEmpty() || all || now - lastLook > LONG_NANOS) {
            all = lastPid.isEmpty();
            lastLook = now;
            from = lastPid.orElse(0);
            recent = from;
            recentTime = now;
            return ProcFs.pids().toList();
        }
        long last = lastPid.getAsLong();
        long count = age(from, last);
        List<Long> found = count <= FEW
                ? LongStream.rangeClosed(from + 1, from + count)
                        .map(pid -> Math.floorMod(pid, limit))
                        .boxed()
                        .toList()
                : newest(ProcFs.pids(), count, last);
        lastLook = now;
        if (now - recentTime >= OVERLAP_NANOS) {
            from = recent;
            recent = last;
            recentTime = now;
        }
        return found;
    }

    private List<Long> newest(Stream<Long> pids, long count, long last) {
        return pids.filter(pid -> age(pid, last) < count)
                .sorted(Comparator.comparing((Long pid) -> age(pid, last)).reversed())
                .toList();
    }

    /** How many IDs have been assigned since this one. */
    private long age(long pid, long last) {
        return Math.floorMod(last - pid, limit);
    }
}

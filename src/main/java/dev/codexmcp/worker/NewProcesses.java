package dev.codexmcp.worker;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Which processes have been started since the last look. Linux gives out process numbers in ascending order and says which
 * one came last, so a look costs what has been started on this machine meanwhile, however many processes there are.
 *
 * <p>Not safe for threads.
 */
final class NewProcesses {
    /** As many numbers are looked up one by one; beyond that the list of all processes costs less. */
    private static final long FEW = 400;

    /** A number is given out a moment before its process can be seen: so each look goes back this far at least. */
    private static final long OVERLAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** After as long without a look, the numbers may have gone round. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long limit = ProcFs.pidLimit();

    /** Where the next look begins. */
    private long from;

    /** The last number at a look {@link #OVERLAP_NANOS} ago at most, or the last one before that. */
    private long recent;

    private long recentTime;
    /** Whether the next look takes all processes for new. */
    private boolean all;

    private long lastLook = System.nanoTime() - LONG_NANOS - 1;

    /** Has the next look begin behind this number, which was given out a moment ago, or before. */
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

    /** Has the next look take all processes for new. */
    void startOver() {
        all = true;
    }

    /** The numbers of the new processes, and of some that are not so new, the oldest first; some may be of threads, or dead. */
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

    /** How many numbers have been given out since this one. */
    private long age(long pid, long last) {
        return Math.floorMod(last - pid, limit);
    }
}

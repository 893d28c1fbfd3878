package dev.codexmcp.job.changes;

import java.util.concurrent.TimeUnit;

/**
 * How long to wait before the next snapshot that nobody waits for. A fleet of some dozens of real workers never waits. If hundreds
 * of jobs start and end each second, pauses leave the processors to them for most of the time. All times are by {@link
 * System#nanoTime}. Not thread-safe.
 */
final class SnapshotPace {
    /** How much time snapshots may take without a pause, in nanoseconds. */
    private static final long FREE = TimeUnit.MILLISECONDS.toNanos(500);

    /** Beyond that, snapshots take one part in this many and one more. */
    private static final int FACTOR = 3;

    /** The longest pause, in nanoseconds: much less than a model needs for a worker's first action. */
    static final long MOST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private long spent;
    private long pause;
    private long lastEnd;

    /** @param now the current time */
    SnapshotPace(long now) {
        this.lastEnd = now;
    }

    /** A snapshot has been taken, or tried. */
    void taken(long began, long ended) {
        spent = Math.max(0, spent - (began - lastEnd) / FACTOR) + (ended - began);
        pause = Math.min(MOST_PAUSE, Math.max(0, spent - FREE) * FACTOR);
        lastEnd = ended;
    }

    /** How much of the pause is left, in nanoseconds; 0 or less if none is. */
    long left(long now) {
        return pause - (now - lastEnd);
    }
}

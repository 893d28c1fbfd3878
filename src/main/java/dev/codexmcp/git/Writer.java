package dev.codexmcp.git;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A job whose worker may write in a tree, and when it ran. Its {@link ChangeLedger}'s lock guards it. */
final class Writer {
    /** How long before its report an action may have started, in nanoseconds. */
    static final long REPORT_DELAY = TimeUnit.MILLISECONDS.toNanos(500);

    private final String job;
    private final long started;
    private final List<PathPattern> declared;
    private @Nullable Long acted;
    private @Nullable Long ended;

    /**
     * @param started by {@link System#nanoTime}, like all times here
     * @param declared what it intends to write
     */
    Writer(String job, long started, Collection<PathPattern> declared) {
        this.job = job;
        this.started = started;
        this.declared = List.copyOf(declared);
    }

    String job() {
        return job;
    }

    long started() {
        return started;
    }

    /** Only the first action matters. */
    void acted(long time) {
        if (acted == null) {
            acted = time;
        }
    }

    void ended(long time) {
        ended = time;
    }

    boolean hadEnded(long time) {
        return ended != null && ended - time <= 0;
    }

    /** Whether it may have written by then. One that has ended without an action may have written all the time. */
    boolean mayHaveWritten(long time) {
        Long first = acted == null ? ended : acted;
        return first != null && first - time <= 0;
    }

    boolean declares() {
        return !declared.isEmpty();
    }

    boolean hasDeclared(RepoPath path) {
        return declared.stream().anyMatch(pattern -> pattern.matches(path));
    }

    /** Whether it ran, acting or not, in a step. */
    boolean mayBeIn(SnapshotSteps.Step step) {
        return started - step.to().ended() <= 0 && !hadEnded(step.from().began());
    }

    /** Whether it may have written in a step. */
    boolean mayHaveWritten(SnapshotSteps.Step step) {
        return acted != null
                && Math.max(started, acted - REPORT_DELAY) - step.to().ended() < 0
                && !hadEnded(step.from().began());
    }

    /** Whether it ran between these times, and has ended without an action. */
    boolean ranSilently(long from, long to) {
        return acted == null && ended != null && started - to <= 0 && !hadEnded(from);
    }

    boolean ranBeside(Writer other) {
        return (ended == null || other.started - ended < 0) && (other.ended == null || started - other.ended < 0);
    }

    /** Whether it ended later, or has not ended while the other has. */
    boolean outlives(Writer other) {
        return other.ended != null && (ended == null || ended - other.ended > 0);
    }

    boolean ran(long from, long to) {
        return started - to <= 0 && (ended == null || ended - from >= 0);
    }
}

package dev.codexmcp.job;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The holds that follow when the provider refuses work. If its words name no time, the first hold lasts about
 * {@value #FIRST_MILLIS} ms and each further one twice as long, at most {@value #LONGEST_MILLIS} ms, until a job ends
 * {@code done}. Thread-safe.
 */
final class LimitHolds {
    static final long FIRST_MILLIS = 5_000;
    static final long LONGEST_MILLIS = 300_000;

    /** The fraction by which a hold may be shorter, so that not all servers of a machine continue at the same moment. */
    private static final double JITTER = 0.2;

    private static final int MOST_TIMES = 200;

    private final DoubleSupplier random;
    private long step = FIRST_MILLIS;
    private @Nullable Hold hold;
    private final Deque<HeldTime> times = new ArrayDeque<>();

    /** @param random 0 to 1 */
    LimitHolds(DoubleSupplier random) {
        this.random = random;
    }

    /** The hold at this time, in milliseconds since 1970. */
    synchronized Optional<Hold> at(long now) {
        return Optional.ofNullable(hold).filter(each -> now < each.until());
    }

    /** The remaining time of the hold, in milliseconds; 0 if there is none. Allocates no memory. */
    synchronized long leftMillis(long now) {
        return hold == null ? 0 : Math.max(0, hold.until() - now);
    }

    /** A job has ended {@code done}. */
    synchronized void done() {
        step = FIRST_MILLIS;
    }

    /**
     * A job has ended because of a limit. Starts a hold unless there is one, or if it is a usage limit that names a later time. A usage limit that names no time starts none.
     */
    synchronized void reported(EndCause limit, Optional<Long> retryAt, long now) {
        long left = leftMillis(now);
        if (limit == EndCause.USAGE_LIMIT) {
            retryAt.filter(until -> until > now + left).ifPresent(until -> begin(limit, until, now));
        } else if (left == 0) {
            begin(limit, retryAt.filter(until -> until > now).orElseGet(() -> next(now)), now);
        }
    }

    private void begin(EndCause limit, long until, long now) {
        hold = new Hold(limit.reason().orElseThrow(), until);
        if (times.size() == MOST_TIMES) {
            times.remove();
        }
        times.add(new HeldTime(now, until));
    }

    /** When there were holds, oldest first; the latest {@value #MOST_TIMES}. */
    synchronized List<HeldTime> times() {
        return List.copyOf(times);
    }

    private long next(long now) {
        long millis = Math.round(step * (1 - JITTER * random.getAsDouble()));
        step = Math.min(2 * step, LONGEST_MILLIS);
        return now + millis;
    }
}

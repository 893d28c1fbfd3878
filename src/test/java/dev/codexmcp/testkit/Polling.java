package dev.codexmcp.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for conditions, which the caller's thread checks again and again. The limit is long, since it delays failures only.
 *
 * <pre>{@code
 * Polling.until("the file", () -> Files.exists(file));
 * Polling.on("silence").during(Duration.ofMillis(200)).until(() -> sizes().equals(before));
 * }</pre>
 */
public final class Polling {

    /** Long enough for any machine: what takes longer hangs. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration INTERVAL = Duration.ofMillis(3);

    /** The interval for conditions that are costly to check. */
    private static final Duration LONG_INTERVAL = Duration.ofMillis(20);

    private final Supplier<String> failure;
    private final Duration limit;
    private final Duration interval;
    private final Duration hold;

    private Polling(Supplier<String> failure, Duration limit, Duration interval, Duration hold) {
        this.failure = failure;
        this.limit = limit;
        this.interval = interval;
        this.hold = hold;
    }

    /** Waits until a condition holds. */
    public static void until(String what, Callable<Boolean> condition) {
        on(what).until(condition);
    }

    /** Describes what to wait for. */
    public static Polling on(String what) {
        return new Polling(() -> what, LIMIT, INTERVAL, Duration.ZERO);
    }

    /** Changes the limit. */
    public Polling atMost(Duration newLimit) {
        return new Polling(failure, newLimit, interval, hold);
    }

    /** Changes the pause between two checks. */
    public Polling pollInterval(Duration newInterval) {
        return new Polling(failure, limit, newInterval, hold);
    }

    /** Requires that the condition holds for this long without a break. */
    public Polling during(Duration newHold) {
        return new Polling(failure, limit, interval, newHold);
    }

    /** Waits until the condition holds, and fails if it does not within the limit. */
    public void until(Callable<Boolean> condition) {
        if (!isReached(condition)) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + failure.get());
        }
    }

    /** Waits until a value meets a condition, and fails with the last value if it does not within the limit. */
    public <T> void until(Callable<T> value, Predicate<? super T> condition) {
        Object[] last = new Object[1];
        Polling withValue = new Polling(() -> failure.get() + ", but there is " + last[0], limit, interval, hold);
        withValue.until(() -> {
            T now = value.call();
            last[0] = now;
            return condition.test(now);
        });
    }

    /** Waits until the assertions hold, and fails as they do if they do not within the limit. */
    public void untilAsserted(Runnable assertions) {
        AssertionError[] last = new AssertionError[1];
        boolean reached = isReached(() -> {
            try {
                assertions.run();
                return true;
            } catch (AssertionError e) {
                last[0] = e;
                return false;
            }
        });
        if (!reached) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + failure.get(), last[0]);
        }
    }

    /** Waits until the condition holds, and reports whether it does within the limit. */
    public boolean isReached(Callable<Boolean> condition) {
        long start = System.nanoTime();
        long heldSince = start;
        boolean held = false;
        Object pause = new Object();
        while (true) {
            boolean holds = check(condition);
            long now = System.nanoTime();
            if (holds && !held) {
                heldSince = now;
            }
            held = holds;
            if (held && now - heldSince >= hold.toNanos()) {
                return true;
            }
            if (now - start > limit.toNanos()) {
                return false;
            }
            synchronized (pause) {
                waitOn(pause, interval.toNanos());
            }
        }
    }

    private boolean check(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + failure.get(), e);
        } catch (Exception e) {
            throw new AssertionError("failed while waiting for " + failure.get(), e);
        }
    }

    /**
     * Waits on a lock, which the caller holds and others notify, until a condition holds.
     *
     * @param failure the message if it does not within the limit
     */
    static void awaitOn(Object lock, Duration limit, BooleanSupplier condition, Supplier<String> failure) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + failure.get());
            }
            waitOn(lock, left);
        }
    }

    /**
     * Waits until a condition holds that is costly to check.
     *
     * @param failure the message if it does not within the limit
     */
    static void poll(Duration limit, BooleanSupplier condition, Supplier<String> failure) {
        new Polling(failure, limit, LONG_INTERVAL, Duration.ZERO).until(condition::getAsBoolean);
    }

    private static void waitOn(Object lock, long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}

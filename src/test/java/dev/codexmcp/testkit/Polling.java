package dev.codexmcp.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for conditions. The limit is long, since it delays failures only. */
public final class Polling {

    /** Long enough for any machine: what takes longer hangs. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Polling() {}

    /** Waits until a condition holds, checking it in the caller's thread. */
    public static void until(String what, Callable<Boolean> condition) {
        on(what).until(condition);
    }

    /** The same for conditions of other kinds, such as assertions. */
    public static ConditionFactory on(String what) {
        return Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(3))
                .atMost(LIMIT);
    }

    /**
     * Waits on a lock, which the caller holds and others notify, until a condition is true.
     *
     * @param failure what to say if it never becomes true
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
     * Checks a costly condition again and again, with pauses.
     *
     * @param failure what to say if it never becomes true
     */
    static void poll(Duration limit, BooleanSupplier condition, Supplier<String> failure) {
        long deadline = System.nanoTime() + limit.toNanos();
        Object pause = new Object();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + failure.get());
            }
            synchronized (pause) {
                waitOn(pause, PAUSE.toNanos());
            }
        }
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

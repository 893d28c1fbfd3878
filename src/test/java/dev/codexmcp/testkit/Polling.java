package dev.codexmcp.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions. The limit is long, since it delays failures only. */
public final class Polling {

    /** Long enough for any machine: what takes longer hangs. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Polling() {}

    /** Checks again and again, with short pauses, until a condition holds. */
    public static void until(String what, BooleanSupplier condition) {
        poll(LIMIT, condition, () -> what);
    }

    /**
     * Waits on a lock, which the caller holds and others notify, until a condition is true.
     *
     * @param failure what to say where it never becomes true
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

    /** Looks again and again, with short pauses, until something is true that nobody tells us of. */
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

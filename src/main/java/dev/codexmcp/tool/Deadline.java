package dev.codexmcp.tool;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * When a call must be answered, because its host gives up soon after.
 *
 * @param millis how long the call may take; empty: no limit
 * @param startNanos when the call began, by {@link System#nanoTime}
 */
record Deadline(OptionalLong millis, long startNanos) {
    /** The deadline of a call that begins now. */
    static Deadline of(Caller caller) {
        return new Deadline(caller.limits().maxWaitMillis(), System.nanoTime());
    }

    boolean exists() {
        return millis.isPresent();
    }

    /** The time that the call may take, for a message. */
    String text() {
        long all = millis.orElseThrow();
        return all % 1000 == 0 ? all / 1000 + " s" : all + " ms";
    }

    /** Milliseconds until the deadline, which exists; 0 if it is past. */
    long leftMillis() {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        return Math.max(0, millis.orElseThrow() - passed);
    }
}

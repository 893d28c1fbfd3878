package dev.codexmcp.worker.remote;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits how fast workers are submitted: the rate per second, the first burst, and the number whose start has not been reported
 * yet. Not thread-safe.
 */
final class LaunchPace {
    private final int perSecond;
    private final int connectingAtOnce;
    private final LongSupplier nanoTime;
    private double tokens;
    private long last;
    private int connecting;

    /** @param connectingAtOnce 0 if there is no limit */
    LaunchPace(int perSecond, int connectingAtOnce, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.connectingAtOnce = connectingAtOnce;
        this.nanoTime = nanoTime;
        this.tokens = perSecond;
        this.last = nanoTime.getAsLong();
    }

    /** Takes a turn if there is one now. */
    boolean tryBegin() {
        long now = nanoTime.getAsLong();
        tokens = Math.min(perSecond, tokens + (now - last) * (double) perSecond / TimeUnit.SECONDS.toNanos(1));
        last = now;
        if (tokens < 1 || (connectingAtOnce > 0 && connecting >= connectingAtOnce)) {
            return false;
        }
        tokens--;
        connecting++;
        return true;
    }

    /** One of those that have begun has been started, or will not be. */
    void connected() {
        connecting--;
    }

    /** When to try again, in milliseconds; 0 if only {@link #connected} can change anything. */
    long retryMillis() {
        return tokens < 1 ? (long) Math.ceil((1 - tokens) * 1000 / perSecond) : 0;
    }
}

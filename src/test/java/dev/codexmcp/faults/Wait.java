package dev.codexmcp.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits that are long where something is wrong, and short where it is not. */
public final class Wait {
    /** Long enough for any machine: what takes longer hangs. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private Wait() {}

    public static ConditionFactory on(String what) {
        return Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(3))
                .atMost(PATIENCE);
    }

    public static void until(String what, Callable<Boolean> condition) {
        on(what).until(condition);
    }
}

package dev.codexmcp.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The listeners to notify once, in order, when a job ends. Guarded by the job, except for {@link #notify}. */
final class EndListeners {
    private @Nullable Map<Runnable, Boolean> listeners = new LinkedHashMap<>();

    /** Returns false if it is too late. */
    boolean add(Runnable listener) {
        if (listeners == null) {
            return false;
        }
        listeners.put(listener, true);
        return true;
    }

    void remove(Runnable listener) {
        if (listeners != null) {
            listeners.remove(listener);
        }
    }

    /** Takes all listeners out; the caller passes them to {@link #notify} outside the lock. */
    @Nullable
    Map<Runnable, Boolean> take() {
        Map<Runnable, Boolean> taken = listeners;
        listeners = null;
        return taken;
    }

    /** Allocates no memory of its own. */
    static void notify(@Nullable Map<Runnable, Boolean> taken) {
        if (taken != null) {
            taken.forEach(EndListeners::run); // an iterator would allocate memory
        }
    }

    private static void run(Runnable listener, Boolean present) {
        Failures.contain(listener);
    }
}

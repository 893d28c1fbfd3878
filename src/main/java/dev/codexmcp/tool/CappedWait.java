package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.tool.schema.Parameter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The time that a call may wait: what it asked for, or less if its host would give up earlier.
 *
 * @param millis how long to wait
 * @param capped whether that is less than the call asked for
 * @param startNanos when the wait began, by {@link System#nanoTime}
 */
record CappedWait(long millis, boolean capped, long startNanos) {
    /** The fields of an answer to a wait that was cut short. */
    static final List<Parameter<?>> FIELDS = List.of(
            Parameter.integer("waitedMs", 0, Integer.MAX_VALUE, "If your host would not have waited longer."),
            Parameter.integer("cappedAt", 1, Integer.MAX_VALUE, "The longest wait for it; repeat the call."));

    static CappedWait of(long wantedMillis, Caller caller) {
        long millis = caller.limits().cap(wantedMillis);
        return new CappedWait(millis, millis < wantedMillis, System.nanoTime());
    }

    /** Writes the reason why a wait ended before its time, if it did. */
    void writeReason(JsonGenerator json, boolean timedOut) throws IOException {
        if (capped && timedOut) {
            json.writeNumberField("waitedMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
            json.writeNumberField("cappedAt", millis);
        }
    }
}

package dev.codexmcp.job.fleet;

import dev.codexmcp.codex.event.Activity;
import dev.codexmcp.codex.event.EventLines;
import dev.codexmcp.codex.event.RetryNotice;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a running job's events show at one moment.
 *
 * @param doing a few words
 * @param idleSince when the worker last gave a sign of life, in milliseconds since 1970; empty while it runs a command, tool call or search
 * @param attention words for what the user should look at, sorted
 */
record Sight(String doing, OptionalLong idleSince, List<String> attention) {
    /** How long a worker may give no sign of life before it is reported, in milliseconds. */
    static final long IDLE_MILLIS = 120_000;

    Sight {
        attention = List.copyOf(attention);
    }

    /** @param overlaps whether the job writes files that another job writes too */
    static Sight of(EventLines lines, String directory, boolean overlaps, long now) {
        Activity activity = Activity.of(lines, now, ZoneId.systemDefault(), directory);
        List<String> attention = new ArrayList<>();
        OptionalLong idle = activity.idleSince();
        if (idle.isPresent() && now - idle.getAsLong() >= IDLE_MILLIS) {
            attention.add("idle");
        }
        if (overlaps) {
            attention.add("overlap");
        }
        activity.retry().map(RetryNotice::attention).ifPresent(word -> attention.add(word.wire()));
        attention.sort(null);
        return new Sight(activity.doing(), idle, attention);
    }
}

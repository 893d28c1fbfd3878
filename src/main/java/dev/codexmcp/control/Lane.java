package dev.codexmcp.control;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.HeldTime;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.fleet.FleetJob;
import dev.codexmcp.job.log.LogReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What a job did in a period, divided into equal steps. A step with a patch, which takes no time, shows only the patch; any other step shows what came last.
 */
final class Lane {
    /** The most events examined; of more, only a sample is. */
    private static final int MOST_EVENTS = 20_000;

    private static final byte NOTHING = -1;

    private final String jobId;
    private final long from;
    private final double perStep;

    /** The ordinal of a {@link Phase} for each step. */
    private final byte[] steps;

    private Lane(String jobId, long from, long to, int steps) {
        this.jobId = jobId;
        this.from = from;
        this.perStep = (to - from) / (double) steps;
        this.steps = new byte[steps];
        Arrays.fill(this.steps, NOTHING);
    }

    /**
     * @param free since when nothing but permits and holds has kept the job waiting, in milliseconds since 1970
     * @param held when there were holds
     */
    static Lane of(FleetJob job, long from, long to, int steps, long free, List<HeldTime> held) {
        Lane lane = new Lane(job.job().id(), from, to, steps);
        JobSnapshot snapshot = job.job().snapshot();
        long end = snapshot.finishedAt().orElseGet(System::currentTimeMillis);
        long start = snapshot.startedAt().orElse(end);
        lane.fill(Phase.QUEUED, job.createdAt(), start);
        Phase before = snapshot.startedAt().isPresent() ? Phase.THINKING : Phase.QUEUED;
        lane.addEvents(job.job().output().events().reader(), before, start, end);
        for (HeldTime hold : held) {
            lane.hold(Math.max(free, hold.from()), hold.until());
        }
        return lane;
    }

    /** @param before what the job did before the first event */
    private void addEvents(LogReader events, Phase before, long start, long end) {
        int first = firstAt(events, from);
        int last = firstAt(events, from + (long) (perStep * steps.length));
        int stride = Math.max(1, (last - first) / MOST_EVENTS);
        Phase phase = first > 0 ? Phase.after(events.kind(first - 1)) : before;
        long since = first > 0 ? events.time(first - 1) : start;
        for (int i = first; i < last; i += stride) {
            Phase next = Phase.after(events.kind(i));
            if (next != phase) {
                fill(phase, since, events.time(i));
                phase = next;
                since = events.time(i);
            }
        }
        fill(phase, since, end);
        for (int i = first; i < last; i += stride) {
            if (Phase.isPatch(events.kind(i))) {
                fill(Phase.PATCH, events.time(i), events.time(i) + 1);
            }
        }
    }

    /** The first event at or after a time. */
    private static int firstAt(LogReader events, long time) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.time(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void fill(Phase phase, long since, long until) {
        int first = step(since, false);
        int last = step(until, true);
        if (first < last) {
            Arrays.fill(steps, first, last, (byte) phase.ordinal());
        }
    }

    private void hold(long since, long until) {
        for (int i = step(since, false); i < step(until, true); i++) {
            if (steps[i] == Phase.QUEUED.ordinal()) {
                steps[i] = (byte) Phase.HELD.ordinal();
            }
        }
    }

    private int step(long time, boolean up) {
        double step = (time - from) / perStep;
        return (int) Math.max(0, Math.min(steps.length, up ? Math.ceil(step) : Math.floor(step)));
    }

    /** As a field: {@code "JOB":[step,"phase",step,"phase",…,step]}, each phase from the step before to the one after it. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(jobId);
        byte current = NOTHING;
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] != current) {
                json.writeNumber(i);
                json.writeString(steps[i] == NOTHING ? "" : Phase.of(steps[i]).wire());
                current = steps[i];
            }
        }
        json.writeNumber(steps.length);
        json.writeEndArray();
    }
}

package dev.codexmcp.control;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.job.fleet.FleetChanges;
import dev.codexmcp.job.fleet.FleetJob;
import dev.codexmcp.job.fleet.FleetPage;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The jobs that are new to one reader or have changed since its last request: they have entered another state, printed something, or run for a while, so that the times in their rows are outdated.
 */
final class ChangedJobs {
    /** After this time the row of a running job is sent again even if it has printed nothing, in milliseconds. */
    private static final long FRESH_MILLIS = 2000;

    private static final String BEGIN = "{\"jobs\":[";

    private static final List<JobStatus> STATES =
            List.of(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELED);

    private final Fleet fleet;

    /** The last change that the reader knows. */
    private long rev;

    /** What the reader knows about the jobs that have not ended. */
    private final Map<String, Known> known = new HashMap<>();

    /**
     * @param events how many events there were
     * @param at when
     */
    private record Known(int events, long at) {
        boolean isFresh(FleetJob job, long now) {
            return events == job.job().output().events().size() && now - at < FRESH_MILLIS;
        }
    }

    /** The jobs whose rows the last answers have held, if they were not all; else the first of many would change before the last is sent. */
    private final Set<String> begun = new HashSet<>();

    /** How long the last answer was, in bytes: the next one will be about as long. */
    private int length = 16 * 1024;

    ChangedJobs(Fleet fleet) {
        this.fleet = fleet;
    }

    Optional<FleetJob> find(String jobId) {
        return fleet.find(jobId);
    }

    /** As many as fit; {@code more} says that there are others. */
    byte[] answer() {
        FleetChanges changes = fleet.changes(rev);
        long now = System.currentTimeMillis();
        Utf8Buffer rows = new Utf8Buffer(length + length / 8);
        rows.append(BEGIN);
        Set<String> written = new HashSet<>();
        int room = Answers.MOST_BYTES;
        boolean more = false;
        List<FleetJob> changed = changes.changed().jobs();
        long reached = changes.changed().rev();
        for (FleetJob job : changed) {
            if (room <= 0) {
                more = true;
                break;
            }
            reached = job.rev();
            room -= add(job, now, rows);
            written.add(job.job().id());
        }
        rev = more ? reached : Math.max(reached, changes.changed().rev());
        Set<String> unended = new HashSet<>();
        for (FleetJob job : changes.unended()) {
            String id = job.job().id();
            unended.add(id);
            Known before = known.get(id);
            if (written.contains(id) || begun.contains(id) || (before != null && before.isFresh(job, now))) {
                continue;
            }
            if (room <= 0) {
                more = true;
            } else {
                room -= add(job, now, rows);
                written.add(id);
            }
        }
        if (more) {
            begun.addAll(written);
        } else {
            begun.clear();
        }
        return write(changes.changed(), now, rows, gone(unended, written), more);
    }

    private int add(FleetJob job, long now, Utf8Buffer rows) {
        int events = job.job().output().events().size();
        int before = rows.length();
        if (before > BEGIN.length()) {
            rows.write(',');
        }
        Json.write(rows, JobEntry.of(job, now));
        known.put(job.job().id(), new Known(events, now));
        return rows.length() - before;
    }

    /** Forgets the jobs that have ended. Returns those that have disappeared without an end because they could not be started. */
    private List<String> gone(Set<String> unended, Set<String> written) {
        List<String> gone = new ArrayList<>();
        known.keySet().removeIf(id -> {
            if (unended.contains(id)) {
                return false;
            }
            if (!written.contains(id) && fleet.find(id).isEmpty()) {
                gone.add(id);
            }
            return true;
        });
        return gone;
    }

    private byte[] write(FleetPage page, long now, Utf8Buffer rows, List<String> gone, boolean more) {
        byte[] rest = Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("now", now);
            writeCounts(json, page);
            json.writeNumberField("tokens", page.tokens());
            if (!gone.isEmpty()) {
                json.writeArrayFieldStart("gone");
                for (String id : gone) {
                    json.writeString(id);
                }
                json.writeEndArray();
            }
            if (more) {
                json.writeBooleanField("more", true);
            }
            json.writeEndObject();
        });
        // The rows, which come first, are JSON already: nothing of them is decoded or copied again.
        rows.append("],");
        rows.write(rest, 1, rest.length - 1);
        length = rows.length();
        return rows.toByteArray();
    }

    private static void writeCounts(JsonGenerator json, FleetPage page) throws IOException {
        json.writeObjectFieldStart("counts");
        for (JobStatus state : STATES) {
            json.writeNumberField(state.wire(), page.counts().getOrDefault(state, 0));
        }
        json.writeEndObject();
    }
}

package dev.codexmcp.job.fleet;

import dev.codexmcp.job.Boss;
import dev.codexmcp.job.JobStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which jobs are meant; what is empty means all.
 *
 * @param jobIds only these
 * @param status only jobs whose status reads like this
 * @param since only changes after this one
 * @param boss only jobs that this caller has started; empty in it: one whose host does not name its conversation
 */
public record FleetQuery(
        Optional<List<String>> jobIds,
        Set<String> status,
        Optional<LabelPattern> label,
        OptionalLong since,
        Optional<JobsOf> boss) {
    /** A caller, by the id of its conversation. */
    public record JobsOf(Optional<String> threadId) {}

    public static final FleetQuery ALL =
            new FleetQuery(Optional.empty(), Set.of(), Optional.empty(), OptionalLong.empty());

    public FleetQuery {
        jobIds = jobIds.map(List::copyOf);
        status = Set.copyOf(status);
    }

    /** Jobs of all callers. */
    public FleetQuery(
            Optional<List<String>> jobIds, Set<String> status, Optional<LabelPattern> label, OptionalLong since) {
        this(jobIds, status, label, since, Optional.empty());
    }

    /** Whether the counts by status show how many jobs match, so that not all of them have to be looked at. */
    boolean isCounted() {
        return since.isEmpty() && label.isEmpty() && boss.isEmpty();
    }

    boolean matches(FleetJob job) {
        return matches(job.status())
                && (label.isEmpty() || label.get().matches(job.job().spec().label()))
                && (boss.isEmpty()
                        || boss.get().threadId().equals(job.job().spec().boss().map(Boss::threadId)));
    }

    private boolean matches(JobStatus current) {
        return status.isEmpty() || status.contains(current.wire());
    }
}

package dev.codexmcp.job.fleet;

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
 */
public record FleetQuery(
        Optional<List<String>> jobIds, Set<String> status, Optional<LabelPattern> label, OptionalLong since) {
    public static final FleetQuery ALL =
            new FleetQuery(Optional.empty(), Set.of(), Optional.empty(), OptionalLong.empty());

    public FleetQuery {
        jobIds = jobIds.map(List::copyOf);
        status = Set.copyOf(status);
    }

    boolean matches(FleetJob job) {
        return matches(job.status())
                && (label.isEmpty() || label.get().matches(job.job().spec().label()));
    }

    private boolean matches(JobStatus current) {
        return status.isEmpty() || status.contains(current.wire());
    }
}

package dev.codexmcp.job.fleet;

import dev.codexmcp.job.Boss;
import dev.codexmcp.job.JobStatus;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Selects jobs. An empty component selects all.
 *
 * @param jobIds only these
 * @param status only jobs with one of these status words
 * @param since only changes after this one
 * @param boss only jobs that this caller has started
 */
public record FleetQuery(
        Optional<List<String>> jobIds,
        Set<String> status,
        Optional<LabelPattern> label,
        OptionalLong since,
        Optional<JobsOf> boss) {
    /** A caller, by the id of its conversation; empty if its host does not name it. */
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

    /** Of these jobs, those with one of these ids, if any are given. */
    public FleetQuery named(Optional<List<String>> ids) {
        return new FleetQuery(ids, status, label, since, boss);
    }

    /** Of these jobs, those with one of these words as status, if any are given, and of this caller, if one is given. */
    public FleetQuery only(Collection<String> words, Optional<JobsOf> caller) {
        return new FleetQuery(jobIds, Set.copyOf(words), label, since, caller);
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

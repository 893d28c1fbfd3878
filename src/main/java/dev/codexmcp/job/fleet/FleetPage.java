package dev.codexmcp.job.fleet;

import dev.codexmcp.job.JobStatus;
import java.util.List;
import java.util.Map;

/**
 * The fleet at a glance.
 *
 * @param rev the number of the last change
 * @param counts of all jobs, by the words for their status
 * @param tokens how many all jobs have used, input and output
 * @param jobs those that were asked for, as many as were wanted
 * @param matching how many were asked for
 */
public record FleetPage(long rev, Map<JobStatus, Integer> counts, long tokens, List<FleetJob> jobs, int matching) {
    public FleetPage {
        counts = Map.copyOf(counts);
        jobs = List.copyOf(jobs);
    }
}

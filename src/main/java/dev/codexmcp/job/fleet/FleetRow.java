package dev.codexmcp.job.fleet;

import dev.codexmcp.job.JobSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The row of a job in an overview.
 *
 * @param age since it was spawned, in milliseconds
 * @param idle time without a sign of life, in milliseconds; empty unless the worker could have given one
 * @param doing empty once the job has ended
 * @param files how many files its patches have changed
 * @param tokens how many it has used, input and output
 * @param attention words for what the user should look at
 */
public record FleetRow(
        JobSnapshot job,
        long age,
        OptionalLong idle,
        Optional<String> doing,
        int files,
        long tokens,
        List<String> attention) {
    public FleetRow {
        attention = List.copyOf(attention);
    }
}

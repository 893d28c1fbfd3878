package dev.codexmcp.job.fleet;

import dev.codexmcp.job.JobSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A job in a few words.
 *
 * @param age since it was spawned, in milliseconds
 * @param idle without a sign of life, in milliseconds; empty unless that says something
 * @param doing empty once the job has ended
 * @param files how many files its patches have changed
 * @param tokens how many it has used, input and output
 * @param attention what its user should look at
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

package dev.codexmcp.job.fleet;

import java.util.List;

/**
 * The jobs that have changed since some moment, and all that have not ended.
 *
 * @param changed the jobs that have changed, oldest change first, with the counts of all
 * @param unended all that have not ended, changed or not
 */
public record FleetChanges(FleetPage changed, List<FleetJob> unended) {
    public FleetChanges {
        unended = List.copyOf(unended);
    }
}

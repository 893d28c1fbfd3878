package dev.codexmcp.job.fleet;

import java.util.List;

/**
 * What a wait may report: no other wait reports these ends unless it is asked to. What is not reported in the end has to be
 * {@linkplain Fleet#giveBack given back}.
 *
 * @param rev the number of the last change
 * @param ended oldest end first
 * @param left how many ends are to be reported besides
 * @param attention running jobs with a word that no wait has reported
 * @param missingJobIds ids that name no job
 * @param taken those of {@code ended} that were not reported before
 */
public record FleetClaim(
        long rev,
        List<FleetJob> ended,
        int left,
        int queued,
        int running,
        List<FleetJob> attention,
        List<String> missingJobIds,
        List<FleetJob> taken) {
    public FleetClaim {
        ended = List.copyOf(ended);
        attention = List.copyOf(attention);
        missingJobIds = List.copyOf(missingJobIds);
        taken = List.copyOf(taken);
    }
}

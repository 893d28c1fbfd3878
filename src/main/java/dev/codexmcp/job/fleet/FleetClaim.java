package dev.codexmcp.job.fleet;

import java.util.List;

/**
 * What a wait may report. No other wait reports these ends unless it asks for them with {@code since}. Whatever is not reported must be {@linkplain Fleet#giveBack given back}.
 *
 * @param rev the number of the last change
 * @param ended oldest end first
 * @param left how many more ends there are to report
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

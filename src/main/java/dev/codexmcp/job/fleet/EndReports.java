package dev.codexmcp.job.fleet;

import dev.codexmcp.job.JobStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Which ends and attention words have been reported, so that each is once. The {@link Fleet}'s lock guards it. */
final class EndReports {
    private final FleetIndex index;
    private final WaitSets waits;

    EndReports(FleetIndex index, WaitSets waits) {
        this.index = index;
        this.waits = waits;
    }

    /** As {@link Fleet#claim}. */
    FleetClaim claim(FleetQuery query, int most, boolean attention) {
        List<FleetJob> ends = new ArrayList<>();
        List<FleetJob> news = new ArrayList<>();
        int nowQueued = 0;
        int nowRunning = 0;
        for (FleetJob job : index.awaited(query)) {
            if (job.ended()) {
                ends.add(job);
            } else if (job.status() == JobStatus.QUEUED) {
                nowQueued++;
            } else {
                nowRunning++;
            }
            if (attention && job.hasNews()) {
                news.add(job);
                job.wordsReported.addAll(job.attention());
            }
        }
        ends.sort(Comparator.comparingLong(FleetJob::rev));
        List<FleetJob> reporting = ends.subList(0, Math.min(most, ends.size()));
        List<FleetJob> taken = reporting.stream().filter(job -> !job.reported).toList();
        taken.forEach(this::reported);
        List<String> missing = query.jobIds().orElse(List.of()).stream()
                .filter(id -> index.get(id) == null)
                .distinct()
                .toList();
        return new FleetClaim(
                index.rev(), reporting, ends.size() - reporting.size(), nowQueued, nowRunning, news, missing, taken);
    }

    /** The end of a job has been reported. */
    void reported(FleetJob job) {
        if (job.ended() && !job.reported) {
            job.reported = true;
            job.inUnreported.remove();
            waits.changed();
        }
    }

    /** These ends have not been reported after all. */
    void giveBack(Collection<FleetJob> ends) {
        for (FleetJob job : ends) {
            job.reported = false;
            index.unreported(job);
            waits.changed();
        }
    }
}

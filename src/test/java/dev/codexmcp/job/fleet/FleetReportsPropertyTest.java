package dev.codexmcp.job.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.QueueReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Whatever becomes of the answers, every end is reported once; and {@code since} gets those whose answer was lost. */
class FleetReportsPropertyTest {
    /** What may happen. */
    enum Step {
        SPAWN,
        END_OLDEST,
        END_NEWEST,
        REPORT_ALL,
        REPORT_TWO,
        CANCELLED,
        CANCELLED_TWO
    }

    @Property(tries = 300)
    void everyEndIsReportedOnce(@ForAll @Size(max = 60) List<Step> steps) {
        FakeFleet jobs = new FakeFleet();
        ScheduledThreadPoolExecutor timer = JobTimer.create();
        Fleet fleet = new Fleet(jobs.registry(), timer, job -> Optional.of(new QueueReason.Permit()), Set::of);
        Deque<Job> running = new ArrayDeque<>();
        List<String> ended = new ArrayList<>();
        List<String> reported = new ArrayList<>();
        int spawned = 0;
        for (Step step : steps) {
            switch (step) {
                case SPAWN -> running.add(jobs.running("job-" + spawned++));
                case END_OLDEST -> end(running.pollFirst(), ended);
                case END_NEWEST -> end(running.pollLast(), ended);
                case REPORT_ALL ->
                    reported.addAll(ids(fleet.claim(FleetQuery.ALL, 1000, false).ended()));
                case REPORT_TWO ->
                    reported.addAll(ids(fleet.claim(FleetQuery.ALL, 2, false).ended()));
                case CANCELLED -> fleet.giveBack(fleet.claim(FleetQuery.ALL, 1000, true));
                case CANCELLED_TWO -> fleet.giveBack(fleet.claim(FleetQuery.ALL, 2, false));
            }
        }
        reported.addAll(ids(fleet.claim(FleetQuery.ALL, 1000, false).ended()));

        assertThat(reported).containsExactlyInAnyOrderElementsOf(ended);
        FleetQuery fromTheStart = new FleetQuery(Optional.empty(), Set.of(), Optional.empty(), OptionalLong.of(0));
        assertThat(ids(fleet.claim(fromTheStart, 1000, false).ended())).containsExactlyElementsOf(ended);
    }

    private static void end(@Nullable Job job, Collection<String> ended) {
        if (job != null) {
            FakeFleet.end(job);
            ended.add(job.id());
        }
    }

    private static List<String> ids(List<FleetJob> jobs) {
        return jobs.stream().map(job -> job.job().id()).toList();
    }
}

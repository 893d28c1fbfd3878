package dev.codexmcp.job.fleet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A set of jobs and the open waits for them. Waits for the same jobs share a set, and a job refers to its sets rather than to waits, so that the cost of another wait does not depend on the number of jobs. Guarded by the {@link Fleet}'s lock.
 */
final class WaitSet {
    private final FleetQuery query;
    private final List<FleetJob> jobs;
    private final Map<Integer, Set<FleetWait>> byCount = new TreeMap<>();
    private int ended;
    private int open;

    /** @param query which jobs these are */
    WaitSet(FleetQuery query, List<FleetJob> jobs) {
        this.query = query;
        this.jobs = List.copyOf(jobs);
        this.ended = (int) jobs.stream().filter(FleetJob::ended).count();
    }

    FleetQuery query() {
        return query;
    }

    List<FleetJob> jobs() {
        return jobs;
    }

    int ended() {
        return ended;
    }

    boolean hasNews() {
        return jobs.stream().anyMatch(FleetJob::hasNews);
    }

    void join(FleetWait wait) {
        if (open++ == 0) {
            jobs.stream().filter(job -> !job.ended()).forEach(job -> job.waits.add(this));
        }
        byCount.computeIfAbsent(wait.count(), count -> new LinkedHashSet<>()).add(wait);
    }

    /** Returns whether that was the last one. */
    boolean leave(FleetWait wait) {
        Set<FleetWait> same = byCount.get(wait.count());
        if (same == null || !same.remove(wait)) {
            return false;
        }
        if (same.isEmpty()) {
            byCount.remove(wait.count());
        }
        if (--open > 0) {
            return false;
        }
        jobs.forEach(job -> job.waits.remove(this));
        return true;
    }

    /** One of the jobs has ended. Returns the waits that this wakes. */
    List<FleetWait> oneEnded() {
        Set<FleetWait> woken = byCount.get(++ended);
        return woken == null ? List.of() : List.copyOf(woken);
    }

    /** The waits that a new attention word wakes. */
    List<FleetWait> wakenByAttention() {
        List<FleetWait> woken = new ArrayList<>();
        byCount.values()
                .forEach(same -> same.stream().filter(FleetWait::onAttention).forEach(woken::add));
        return woken;
    }
}

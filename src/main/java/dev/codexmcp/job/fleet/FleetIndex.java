package dev.codexmcp.job.fleet;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.QueueReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of the {@link Fleet} in the orders in which they are requested: by their last change, by state, and those whose end has not been reported. Guarded by the fleet's lock.
 */
final class FleetIndex {
    private final Map<String, FleetJob> jobs = new HashMap<>();

    /** By the ordinals of the states: an end must not need memory. */
    private final int[] counts = new int[JobStatus.values().length];

    private final Ring changes = new Ring();
    private final Ring queued = new Ring();
    private final Ring running = new Ring();
    private final Ring ended = new Ring();

    /** The ended jobs that no wait has reported. */
    private final Ring unreported = new Ring();

    /** The ended jobs whose tokens are not included in {@link #tokens} yet: an end must not need memory. */
    private final Ring uncounted = new Ring();

    private long tokens;
    private long rev;

    private final Function<Job, Optional<QueueReason>> waitsFor;

    FleetIndex(Function<Job, Optional<QueueReason>> waitsFor) {
        this.waitsFor = waitsFor;
    }

    long rev() {
        return rev;
    }

    @Nullable
    FleetJob get(String jobId) {
        return jobs.get(jobId);
    }

    Collection<FleetJob> all() {
        return jobs.values();
    }

    /** Notes the state of a job. Returns null if it is known already, or outdated. */
    @Nullable
    FleetJob changed(Job job, long now) {
        FleetJob seen = jobs.get(job.id());
        if (seen == null) {
            seen = new FleetJob(job, now, waitsFor);
            jobs.put(job.id(), seen);
        }
        JobStatus before = seen.status();
        boolean known = seen.rev > 0;
        if (!seen.become(job.status())) {
            return null;
        }
        if (known) {
            counts[before.ordinal()]--;
        }
        counts[seen.status().ordinal()]++;
        changedNow(seen);
        group(seen.status()).append(seen.inGroup);
        if (seen.ended()) {
            unreported.append(seen.inUnreported);
            uncounted.append(seen.inUncounted);
            seen.attention(List.of());
        }
        return seen;
    }

    /** Gives a job's change its number. */
    void changedNow(FleetJob job) {
        job.rev = ++rev;
        changes.append(job.inChanges);
    }

    private Ring group(JobStatus status) {
        return switch (status) {
            case QUEUED, SUBMITTED -> queued;
            case STARTING, RUNNING -> running;
            case DONE, FAILED, CANCELED -> ended;
        };
    }

    /** Drops a job. Returns null if there is none. */
    @Nullable
    FleetJob remove(Job job) {
        FleetJob gone = jobs.remove(job.id());
        if (gone != null) {
            counts[gone.status().ordinal()]--;
            gone.inChanges.remove();
            gone.inGroup.remove();
            gone.inUnreported.remove();
            gone.inUncounted.remove();
        }
        return gone;
    }

    /** Puts a job back among those whose end has not been reported. */
    void unreported(FleetJob job) {
        unreported.append(job.inUnreported);
    }

    FleetPage page(FleetQuery query, int limit) {
        List<FleetJob> found = new ArrayList<>();
        if (query.since().isPresent()) {
            changedSince(query.since().getAsLong()).stream()
                    .filter(query::matches)
                    .forEach(found::add);
        } else {
            add(running, query, found, Integer.MAX_VALUE);
            found.sort(Comparator.comparing((FleetJob job) -> job.attention().isEmpty()));
            int most = query.isCounted() ? limit : Integer.MAX_VALUE;
            add(queued, query, found, most);
            add(ended, query, found, most);
        }
        Map<JobStatus, Integer> counted = new EnumMap<>(JobStatus.class);
        for (JobStatus status : JobStatus.values()) {
            counted.put(status, counts[status.ordinal()]);
        }
        int matching = query.isCounted() ? matching(counted, query) : found.size();
        List<FleetJob> shown = found.subList(0, Math.min(limit, found.size()));
        return new FleetPage(rev, counted, tokens(), shown, matching);
    }

    /** The ended jobs whose final number of tokens is unknown so far, newest first. */
    List<FleetJob> uncounted() {
        List<FleetJob> found = new ArrayList<>();
        for (FleetJob job = uncounted.newest(); job != null; job = job.inUncounted.older()) {
            found.add(job);
        }
        return found;
    }

    private long tokens() {
        for (FleetJob job : uncounted()) {
            if (job.tokensAreFinal()) {
                tokens += job.tokens();
                job.inUncounted.remove();
            }
        }
        long sum = tokens;
        for (FleetJob job = running.newest(); job != null; job = job.inGroup.older()) {
            sum += job.tokens();
        }
        return sum;
    }

    private static int matching(Map<JobStatus, Integer> counted, FleetQuery query) {
        return counted.entrySet().stream()
                .filter(count -> query.status().isEmpty()
                        || query.status().contains(count.getKey().wire()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static void add(Ring ring, FleetQuery query, List<FleetJob> found, int most) {
        for (FleetJob job = ring.newest(); job != null && found.size() < most; job = job.inGroup.older()) {
            if (query.matches(job)) {
                found.add(job);
            }
        }
    }

    private List<FleetJob> changedSince(long since) {
        List<FleetJob> changed = new ArrayList<>();
        for (FleetJob job = changes.newest(); job != null && job.rev > since; job = job.inChanges.older()) {
            changed.add(job);
        }
        Collections.reverse(changed);
        return changed;
    }

    /** The jobs that a wait is about: queued, running, or with an end to report. */
    List<FleetJob> awaited(FleetQuery query) {
        List<FleetJob> found = new ArrayList<>();
        if (query.jobIds().isPresent()) {
            for (String id : new LinkedHashSet<>(query.jobIds().get())) {
                FleetJob job = jobs.get(id);
                if (job != null && !(job.ended() && job.rev <= query.since().orElse(-1))) {
                    found.add(job);
                }
            }
        } else {
            if (query.since().isPresent()) {
                changedSince(query.since().getAsLong()).stream()
                        .filter(FleetJob::ended)
                        .forEach(found::add);
            } else {
                for (FleetJob job = unreported.newest(); job != null; job = job.inUnreported.older()) {
                    found.add(job);
                }
            }
            found.addAll(unended());
        }
        found.removeIf(job -> !query.matches(job));
        return found;
    }

    List<FleetJob> unended() {
        List<FleetJob> found = running();
        add(queued, FleetQuery.ALL, found, Integer.MAX_VALUE);
        return found;
    }

    List<FleetJob> running() {
        List<FleetJob> found = new ArrayList<>();
        add(running, FleetQuery.ALL, found, Integer.MAX_VALUE);
        return found;
    }
}

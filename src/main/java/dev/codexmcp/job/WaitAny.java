package dev.codexmcp.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A wait for the first of several jobs to end. It holds no thread: it listens to its jobs and has a timer. The first
 * event, the timeout or cancelling completes it and removes its listeners.
 */
public final class WaitAny extends CompletableFuture<WaitAny.Outcome> {
    /**
     * How a wait ended.
     *
     * @param completedJobId the job that has ended, empty if none
     * @param timedOut whether the time was up first
     * @param missingJobIds the ids of unknown jobs
     */
    public record Outcome(Optional<String> completedJobId, boolean timedOut, List<String> missingJobIds) {}

    private final List<Job> jobs;
    private final List<String> missing;

    private WaitAny(List<Job> jobs, List<String> missing) {
        this.jobs = jobs;
        this.missing = List.copyOf(missing);
    }

    /**
     * Starts to wait for the first of these jobs to end; if several have ended already, the first in the list counts.
     *
     * @param timeoutMillis 0 only checks
     * @param timer completes the wait at its timeout
     */
    public static WaitAny start(
            JobRegistry registry, List<String> jobIds, long timeoutMillis, ScheduledExecutorService timer) {
        List<Job> known = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String id : jobIds) {
            Job job = registry.get(id);
            if (job == null) {
                missing.add(id);
            } else {
                known.add(job);
            }
        }
        return start(known, missing, timeoutMillis, timer);
    }

    static WaitAny start(List<Job> jobs, List<String> missing, long timeoutMillis, ScheduledExecutorService timer) {
        WaitAny wait = new WaitAny(jobs, missing);
        Optional<Job> ended = jobs.stream().filter(Job::ended).findFirst();
        if (ended.isPresent()) {
            wait.complete(wait.outcome(ended.get()));
        } else if (jobs.isEmpty()) {
            wait.complete(new Outcome(Optional.empty(), false, wait.missing));
        } else if (timeoutMillis == 0) {
            wait.timeUp();
        } else {
            wait.listen(timeoutMillis, timer);
        }
        return wait;
    }

    private void listen(long timeoutMillis, ScheduledExecutorService timer) {
        Future<?> alarm = timer.schedule(this::timeUp, timeoutMillis, TimeUnit.MILLISECONDS);
        Runnable[] listeners = new Runnable[jobs.size()];
        for (int i = 0; i < listeners.length; i++) {
            Job job = jobs.get(i);
            listeners[i] = () -> complete(outcome(job));
        }
        whenComplete((outcome, failure) -> {
            alarm.cancel(false);
            for (int i = 0; i < listeners.length; i++) {
                jobs.get(i).removeListener(listeners[i]);
            }
        });
        for (int i = 0; i < listeners.length; i++) {
            if (!jobs.get(i).onEnd(listeners[i])) {
                listeners[i].run(); // it has just ended
            }
            if (isDone()) {
                jobs.get(i).removeListener(listeners[i]);
            }
        }
    }

    /** How many of its jobs have not ended. */
    public long running() {
        return jobs.stream().filter(job -> !job.ended()).count();
    }

    /** How many jobs it was asked to wait for, unknown ones included. */
    public int asked() {
        return jobs.size() + missing.size();
    }

    private void timeUp() {
        complete(new Outcome(Optional.empty(), true, missing));
    }

    private Outcome outcome(Job job) {
        return new Outcome(Optional.of(job.id()), false, missing);
    }
}

package dev.codexmcp.job;

import dev.codexmcp.codex.event.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The successive workers of a job: after a limit of the provider, another one continues its work. Thread-safe.
 */
final class Attempts {
    /**
     * The start of a worker.
     *
     * @param at milliseconds since 1970
     * @param number from 1
     * @param spec what it ran
     * @param program the program that was started
     * @param firstEvent the index of its first event
     */
    record Start(long at, int number, JobSpec spec, String program, int firstEvent) {}

    /**
     * The decision to start another worker.
     *
     * @param at milliseconds since 1970
     * @param next the number of that worker
     * @param failure what ended the one before
     */
    record Retry(long at, int next, Failure failure) {}

    private final List<Start> starts = new ArrayList<>();
    private final List<Retry> retries = new ArrayList<>();
    private long ranMillis;

    /** How many workers have been started. */
    synchronized int number() {
        return starts.size();
    }

    synchronized void start(long at, JobSpec spec, String program, int firstEvent) {
        starts.add(new Start(at, starts.size() + 1, spec, program, firstEvent));
    }

    /** Notes that the worker has ended and another will follow. */
    synchronized Retry retry(long now, Failure failure) {
        Retry retry = new Retry(now, starts.size() + 1, failure);
        retries.add(retry);
        ranMillis += Math.max(0, now - starts.get(starts.size() - 1).at());
        return retry;
    }

    /** The total running time of the earlier workers, in milliseconds. */
    synchronized long ranMillis() {
        return ranMillis;
    }

    /** What the first worker ran. */
    synchronized JobSpec firstSpec() {
        return starts.get(0).spec();
    }

    /** The index of the first event of the newest worker. */
    synchronized int firstEvent() {
        return starts.isEmpty() ? 0 : starts.get(starts.size() - 1).firstEvent();
    }

    /** The start at this time; that of the newest worker if there was none. */
    synchronized Optional<Start> startAt(long time) {
        return starts.stream()
                .filter(start -> start.at() == time)
                .findFirst()
                .or(() -> starts.isEmpty() ? Optional.empty() : Optional.of(starts.get(starts.size() - 1)));
    }

    /** The decision at this time. */
    synchronized Optional<Retry> retryAt(long time) {
        return retries.stream().filter(retry -> retry.at() == time).findFirst();
    }
}

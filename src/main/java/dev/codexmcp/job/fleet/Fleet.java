package dev.codexmcp.job.fleet;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.QueueReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All jobs of a registry in the order of their changes, with what has been reported of them. A change is a new state or a
 * change of what needs attention; each has a number, {@code rev}, from 1. What a worker says costs nothing here: its lines are
 * looked at when somebody asks, and once a second while a wait asks for attention.
 *
 * <p>Thread-safe. {@code this} guards everything, {@link FleetJob} and {@link WaitSet} included. A job's lock is taken under
 * it, never the other way round; waits are completed outside.
 */
public final class Fleet implements JobListener {
    private static final long LOOK_MILLIS = 1000;

    /** How long a list may look at what ended jobs have used, in nanoseconds. The rest is looked at the next time. */
    private static final long LOOK_AT_TOKENS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ScheduledExecutorService timer;
    private final Supplier<Set<String>> overlapping;
    private final FleetIndex index;

    private final WaitSets waits;
    private final EndReports reports;

    /** How many open waits ask for attention; {@code look} is there while there are any. */
    private int watchers;

    private @Nullable Future<?> look;

    /** Notified of new attention words; null if there is no listener. */
    private @Nullable BiConsumer<Job, List<String>> onAttention;

    /**
     * @param timer completes waits that time out, and checks what needs attention
     * @param waitsFor what a queued job waits for; empty if it is not queued
     * @param overlapping the ids of the jobs that write what others write
     */
    public Fleet(
            JobRegistry registry,
            ScheduledExecutorService timer,
            Function<Job, Optional<QueueReason>> waitsFor,
            Supplier<Set<String>> overlapping) {
        this.timer = timer;
        this.overlapping = overlapping;
        this.index = new FleetIndex(waitsFor);
        this.waits = new WaitSets(index);
        this.reports = new EndReports(index, waits);
        registry.listen(this);
    }

    @Override
    public void changed(Job job, JobStatus entered) {
        List<FleetWait> woken = List.of();
        synchronized (this) {
            FleetJob seen = index.changed(job, System.currentTimeMillis());
            if (seen == null) {
                return;
            }
            waits.changed();
            if (seen.ended()) {
                woken = endWaits(seen);
            }
        }
        woken.forEach(wait -> wait.complete(false));
    }

    private static List<FleetWait> endWaits(FleetJob job) {
        List<FleetWait> woken = new ArrayList<>();
        job.waits.forEach(set -> woken.addAll(set.oneEnded()));
        job.waits.clear();
        return woken;
    }

    @Override
    public void forgotten(Job job) {
        List<FleetWait> woken;
        synchronized (this) {
            FleetJob gone = index.remove(job);
            if (gone == null) {
                return;
            }
            waits.changed();
            woken = endWaits(gone);
        }
        woken.forEach(wait -> wait.complete(false));
    }

    /**
     * The jobs that are asked for: those that need attention first, then running, queued and ended ones, newest first; with
     * {@code since}, the oldest change first.
     *
     * @param limit how many at most
     */
    public FleetPage list(FleetQuery query, int limit) {
        lookNow();
        lookAtTokens();
        synchronized (this) {
            return index.page(query, limit);
        }
    }

    /** Outside the lock: this may read files. */
    private void lookAtTokens() {
        List<FleetJob> running;
        List<FleetJob> ended;
        synchronized (this) {
            running = index.running();
            ended = index.uncounted();
        }
        running.forEach(FleetJob::lookAtTokens);
        long begun = System.nanoTime();
        for (FleetJob job : ended) {
            if (System.nanoTime() - begun > LOOK_AT_TOKENS_NANOS) {
                break;
            }
            job.lookAtTokens();
        }
    }

    /**
     * The jobs that have changed since this {@code rev}, and all that have not ended. Looks at no job's lines: {@link
     * FleetJob#row} does.
     */
    public synchronized FleetChanges changes(long since) {
        FleetQuery query = new FleetQuery(Optional.empty(), Set.of(), Optional.empty(), OptionalLong.of(since));
        return new FleetChanges(index.page(query, Integer.MAX_VALUE), index.unended());
    }

    /** The job with this id. */
    public synchronized Optional<FleetJob> find(String jobId) {
        return Optional.ofNullable(index.get(jobId));
    }

    /**
     * Begins to wait. Done immediately if there is nothing to wait for, or no time.
     *
     * @param count how many must have ended; by default all
     * @param onAttention whether a job that needs attention is enough, too
     */
    public FleetWait await(FleetQuery query, OptionalInt count, boolean onAttention, long timeoutMillis) {
        if (onAttention) {
            lookNow();
        }
        FleetWait wait;
        boolean done;
        synchronized (this) {
            WaitSet set = waits.of(query);
            wait = new FleetWait(
                    set, Math.min(count.orElse(Integer.MAX_VALUE), set.jobs().size()), onAttention);
            done = set.ended() >= wait.count() || (onAttention && set.hasNews());
            if (!done && timeoutMillis > 0) {
                waits.join(wait);
                watch(onAttention ? 1 : 0);
            }
        }
        if (done || timeoutMillis == 0) {
            wait.complete(!done);
            return wait;
        }
        Future<?> alarm = timer.schedule(() -> wait.complete(true), timeoutMillis, TimeUnit.MILLISECONDS);
        wait.whenComplete((timedOut, failure) -> {
            alarm.cancel(false);
            leave(wait);
        });
        return wait;
    }

    private synchronized void leave(FleetWait wait) {
        waits.leave(wait);
        watch(wait.onAttention() ? -1 : 0);
    }

    private void watch(int more) {
        watchers += more;
        if (watchers > 0 && look == null) {
            look = timer.scheduleWithFixedDelay(this::lookNow, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } else if (watchers == 0 && look != null) {
            look.cancel(false);
            look = null;
        }
    }

    /**
     * What there is to report now of the jobs that are asked for.
     *
     * @param most how many ends at most
     * @param attention whether to report that too
     */
    public synchronized FleetClaim claim(FleetQuery query, int most, boolean attention) {
        return reports.claim(query, most, attention);
    }

    /** These ends have not been reported after all, nor what else needs attention. */
    public synchronized void giveBack(Collection<FleetJob> ends, Collection<FleetJob> attention) {
        reports.giveBack(ends);
        attention.forEach(job -> job.wordsReported.clear());
    }

    /** Nothing of this has been reported. */
    public synchronized void giveBack(FleetClaim claim) {
        giveBack(claim.taken(), claim.attention());
    }

    /** A job's end has been reported by other means, if it has ended. */
    public synchronized void reported(Job job) {
        FleetJob known = index.get(job.id());
        if (known != null) {
            reports.reported(known);
        }
    }

    /** The jobs with such a label that have not ended. */
    public synchronized List<Job> unended(LabelPattern label) {
        return index.unended().stream()
                .map(FleetJob::job)
                .filter(job -> label.matches(job.spec().label()))
                .toList();
    }

    /** Notifies this listener of every new attention word of a job from now on, on the timer: it must not block. */
    public synchronized void onAttention(BiConsumer<Job, List<String>> listener) {
        onAttention = listener;
        watch(1);
    }

    private void reportAttention(Map<FleetJob, List<String>> words) {
        BiConsumer<Job, List<String>> listener;
        synchronized (this) {
            listener = onAttention;
        }
        if (listener != null) {
            words.forEach((job, fresh) -> listener.accept(job.job(), fresh));
        }
    }

    /** Updates what needs attention now. */
    private void lookNow() {
        List<FleetJob> looked;
        synchronized (this) {
            looked = index.running();
        }
        long now = System.currentTimeMillis();
        Set<String> overlaps = looked.isEmpty() ? Set.of() : overlapping.get();
        looked.forEach(job -> job.overlaps(overlaps.contains(job.job().id())));
        List<List<String>> words =
                looked.stream().map(job -> job.sight(now).attention()).toList();
        List<FleetWait> woken = new ArrayList<>();
        Map<FleetJob, List<String>> fresh = new LinkedHashMap<>();
        synchronized (this) {
            for (int i = 0; i < words.size(); i++) {
                FleetJob job = looked.get(i);
                if (!job.ended() && !job.attention().equals(words.get(i))) {
                    List<String> before = job.attention();
                    fresh.put(
                            job,
                            words.get(i).stream()
                                    .filter(word -> !before.contains(word))
                                    .toList());
                    job.attention(words.get(i));
                    job.wordsReported.retainAll(words.get(i));
                    index.changedNow(job);
                    if (job.hasNews()) {
                        job.waits.forEach(set -> woken.addAll(set.wakenByAttention()));
                    }
                }
            }
        }
        fresh.values().removeIf(List::isEmpty);
        reportAttention(fresh);
        woken.forEach(wait -> wait.complete(false));
    }

    /** How many links from jobs to waits there are. */
    synchronized int registrations() {
        return index.all().stream().mapToInt(job -> job.waits.size()).sum();
    }
}

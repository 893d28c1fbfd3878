package dev.codexmcp.job;

import dev.codexmcp.codex.event.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides which job may run now: who holds a permit, who waits for one, and who is alive. Thread-safe: {@code this} guards
 * all of it, and nothing is called under it but the locks of jobs, of the registry and of the limits.
 *
 * <p>An interrupted job keeps its permit and its dependents beyond its end, until it is known whether it has a successor.
 */
final class Admission {
    /** What keeps queued jobs from starting, besides permits. Asked under the lock; must not allocate memory. */
    interface Limit {
        /** Milliseconds until queued jobs may start; 0: now. */
        long heldMillis();

        /** Whether no job may start any more because the tokens are used up. */
        boolean tokensUsedUp();
    }

    private final SchedulerConfig config;
    private final Holders holders;
    private final JobRegistry registry;
    private final Limit limit;

    private final Set<Job> alive = new HashSet<>();
    private final Set<Job> awaitingSuccessor = new HashSet<>();
    private final JobQueue queue = new JobQueue();

    /** The newest ended job that the queue does not know of yet; {@link Job#nextSettled} links to the others. */
    private @Nullable Job unsettled;

    private boolean admittedAny;
    private boolean closed;

    Admission(SchedulerConfig config, JobRegistry registry, Limit limit) {
        this.config = config;
        this.holders = new Holders(config);
        this.registry = registry;
        this.limit = limit;
    }

    /** Admits a job that needs no permit. */
    synchronized void admitFree(Job job) throws JobException {
        checkOpen();
        alive.add(job);
        admittedAny = true;
    }

    /** Gives a job that was admitted without a permit one, also beyond the limit, unless it has ended. */
    synchronized void adopt(Job job) {
        if (alive.contains(job)) {
            holders.add(job);
        }
    }

    /**
     * Admits a job. From here on it must end: only that returns what it holds.
     *
     * @param predecessor passes its permit and dependents on to the job, if present
     * @return false if the job has been put into the queue
     */
    synchronized boolean admit(Job job, List<Job> dependencies, @Nullable Job predecessor) throws JobException {
        checkOpen();
        settle();
        boolean inherits =
                predecessor != null && !alive.contains(predecessor) && awaitingSuccessor.contains(predecessor);
        if (inherits && predecessor != null) {
            holders.remove(predecessor);
        }
        boolean mayWait = job.spec().scheduling().mayWait();
        boolean readOnly = JobQueue.isReadOnly(job);
        boolean now = holders.isFree(readOnly)
                && (!mayWait || (mayStartNow(dependencies, inherits) && !mustWaitForFiles(job)));
        if (!now && !mayWait) {
            throw new JobException(holders.refusal(readOnly));
        }
        if (!now && queue.size() >= config.queued()) {
            throw new JobException(new JobError.QueueFull(config.queued()));
        }
        alive.add(job);
        try {
            if (now) {
                holders.add(job);
            } else {
                enqueue(job, dependencies);
            }
        } catch (OutOfMemoryError e) {
            alive.remove(job);
            queue.remove(job);
            registry.forget(job);
            throw e;
        }
        admittedAny = true;
        return now;
    }

    private boolean mayStartNow(List<Job> dependencies, boolean inherits) {
        for (Job dependency : dependencies) {
            if (dependency.status() != JobStatus.DONE) {
                return false;
            }
        }
        return inherits || (limit.heldMillis() == 0 && firstInQueue() == null);
    }

    /** The job that may start next; null if none may. */
    private @Nullable Job firstInQueue() {
        return queue.next(holders.isFree(true), holders.isFree(false), holders.all());
    }

    private boolean mustWaitForFiles(Job job) {
        return !meeting(job).isEmpty() || queue.meets(job.spec().place());
    }

    private void enqueue(Job job, List<Job> dependencies) {
        job.queued(queue.add(job, dependencies));
        registry.put(job);
        for (Job dependency : dependencies) {
            if (dependency.ended() && !awaitingSuccessor.contains(dependency)) {
                queue.ended(dependency, dependency.status() == JobStatus.DONE);
            }
        }
        notifyAll();
    }

    private void checkOpen() throws JobException {
        if (closed) {
            throw new JobException(new JobError.ShuttingDown());
        }
        if (limit.tokensUsedUp()) {
            throw new JobException(new JobError.TokensUsedUp(config.tokens().orElse(0)));
        }
    }

    /** A job has ended: returns its permit. Allocates no memory, except for a job that waits, which has none. */
    synchronized void ended(Job job) {
        alive.remove(job);
        if (!awaitingSuccessor.contains(job)) {
            holders.remove(job);
            if (queue.size() > 0) {
                job.nextSettled = unsettled;
                unsettled = job;
            }
            notifyAll();
        }
        queue.remove(job); // last: only this may need memory
    }

    /** Reports ended jobs to the queue. If memory runs out, the next call continues. */
    private void settle() {
        for (Job job = unsettled; job != null; job = unsettled) {
            queue.ended(job, job.status() == JobStatus.DONE);
            unsettled = job.nextSettled;
            job.nextSettled = null;
        }
    }

    /**
     * Returns a running job to the queue, without its permit.
     *
     * @return false if it has to end instead
     */
    synchronized boolean requeue(Job job, Failure failure) {
        if (closed || !alive.contains(job) || awaitingSuccessor.contains(job) || !job.requeue(failure)) {
            return false;
        }
        holders.remove(job);
        queue.add(job, List.of());
        notifyAll();
        return true;
    }

    /** Replaces what a waiting job is to run. Returns false if it does not wait any more. */
    synchronized boolean replace(Job job, JobSpec spec) {
        if (!queue.contains(job) || !job.replace(spec)) {
            return false;
        }
        queue.specChanged(job);
        notifyAll();
        return true;
    }

    /** Notes that a job is to have a successor. Returns false if it has ended, or is to have one already. */
    synchronized boolean interrupted(Job job) {
        if (!awaitingSuccessor.add(job)) {
            return false;
        }
        boolean first = job.toBeSucceeded();
        if (!first) {
            awaitingSuccessor.remove(job);
        }
        return first;
    }

    /** Reports which job, if any, continues the work of an interrupted one. */
    synchronized void succeeded(Job old, @Nullable Job heir) {
        if (!awaitingSuccessor.remove(old)) {
            return;
        }
        try {
            if (heir != null && old.status() != JobStatus.DONE) {
                queue.inherit(old, heir);
                if (heir.ended() && !awaitingSuccessor.contains(heir)) {
                    queue.ended(heir, heir.status() == JobStatus.DONE);
                }
            }
        } finally { // whatever fails, the permit returns
            if (!alive.contains(old)) {
                ended(old);
            }
            notifyAll();
        }
    }

    /** What the dispatcher does next: starts a job, which holds its permit, or ends one that can't start any more. */
    record Next(Job job, Optional<EndCause> ending) {}

    /**
     * Waits for the next job to start or to end.
     *
     * @return null once the server is ending
     */
    synchronized @Nullable Next next() throws InterruptedException {
        while (!closed) {
            settle();
            // Asked once: a hold that ends between two looks would leave nobody to wake this thread.
            long held = limit.heldMillis();
            Next next = nextNow(held);
            if (next != null) {
                return next;
            }
            wait(queue.size() == 0 ? 0 : held);
        }
        return null;
    }

    private @Nullable Next nextNow(long held) {
        Job doomed = queue.firstDoomed();
        if (doomed != null) {
            return new Next(doomed, Optional.of(EndCause.DEPENDENCY));
        }
        if (queue.size() > 0 && limit.tokensUsedUp()) {
            return new Next(queue.any(), Optional.of(EndCause.TOKENS));
        }
        Job first = held > 0 ? null : firstInQueue();
        if (first == null) {
            return null;
        }
        Next start = new Next(first, Optional.empty());
        holders.add(first);
        queue.remove(first);
        return start;
    }

    /** Looks again: what keeps jobs from starting has changed. */
    synchronized void limitChanged() {
        notifyAll();
    }

    /** What a queued job waits for: a free permit, a hold, or other jobs. Empty if it is not queued. */
    synchronized Optional<QueueReason> waitsFor(Job job) {
        if (!queue.contains(job)) {
            return Optional.empty();
        }
        Collection<Job> unmet = queue.unmet(job);
        if (!unmet.isEmpty()) {
            Job first = unmet.iterator().next();
            return Optional.of(new QueueReason.Dependencies(first.spec().label().orElse(first.id()), unmet.size()));
        }
        List<Job> writers = meeting(job);
        if (!writers.isEmpty()) {
            Job first = writers.get(0);
            return Optional.of(new QueueReason.Writer(first.spec().label().orElse(first.id())));
        }
        long held = limit.heldMillis();
        return Optional.of(
                held > 0
                        ? new QueueReason.Held(TimeUnit.MILLISECONDS.toSeconds(held + 999))
                        : new QueueReason.Permit());
    }

    /** The running jobs that have declared what this one has declared, too. */
    synchronized List<Job> meeting(Job job) {
        Place place = job.spec().place();
        List<Job> meeting = new ArrayList<>();
        if (!place.shared().isEmpty()) {
            for (Job other : holders.all()) {
                if (other != job
                        && alive.contains(other)
                        && place.meets(other.spec().place())) {
                    meeting.add(other);
                }
            }
        }
        return meeting;
    }

    synchronized int permitsTaken() {
        return holders.all().size();
    }

    /** From now on, no job is admitted or started from the queue. Returns whether there has been any. */
    synchronized boolean close() {
        closed = true;
        notifyAll();
        return admittedAny;
    }

    synchronized List<Job> alive() {
        return List.copyOf(alive);
    }
}

package dev.codexmcp.job;

import dev.codexmcp.codex.TokenUsage;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.Failure;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerEnd;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One worker, from the request for it to its end, and its output.
 *
 * <pre>
 *                 starting()             started()
 *              ┌────────────── requeue(): a limit that passes
 *              ▼                │                        │
 *     QUEUED ──────────────▶ STARTING ──────────────▶ RUNNING
 *        │                      │                        │
 *        │ cancel()             │ could not be started,  │ the worker has exited
 *        ▼                      ▼ or has ended already   ▼
 *     ┌───────────────────────── end() ─────────────────────┐
 *     │ CANCELED  asked to end, turn not completed          │
 *     │ DONE      the worker returned 0                     │
 *     │ FAILED    anything else                             │
 *     └─────────────────────────────────────────────────────┘
 * </pre>
 *
 * A worker that an engine is to start, on another host as a rule, goes through {@code SUBMITTED} in place of {@code STARTING}: clients see
 * it as queued until the engine has started it. {@link #end} makes the only transition into an ended state, once, without allocating memory. {@code this} guards all
 * mutable fields; listeners, the worker and the steps after the end are called outside the lock.
 */
public final class Job {
    private final String id;
    private volatile JobSpec spec;
    private final WorkerOutput output = new WorkerOutput(new JobEvents(this), this::kill);
    private final TokenMeter meter = new TokenMeter(this);
    private final EndSteps afterEnd;

    private JobStatus status = JobStatus.QUEUED;
    private int position;
    private final Attempts attempts = new Attempts();

    /** Whether it waits for a further attempt, with what that runs yet to be decided. */
    private boolean retrying;

    /** Whether an engine starts the worker, and the program that it runs. */
    private boolean submitted;

    private String submittedProgram = "";
    private @Nullable Worker worker;
    private long startedAt;
    private Optional<String> host = Optional.empty();

    private final EndRequests requests = new EndRequests();
    private final Ending ending = new Ending();
    private final EndListeners listeners = new EndListeners();

    private final Succession succession = new Succession();

    /** Links ended jobs that the queue has yet to hear of. Guarded by {@link Admission}. */
    @Nullable
    Job nextSettled;

    /** @param afterEnd runs once, right after the end */
    Job(String id, JobSpec spec, EndSteps afterEnd) {
        this.id = id;
        this.spec = spec;
        this.afterEnd = afterEnd;
    }

    public String id() {
        return id;
    }

    public JobSpec spec() {
        return spec;
    }

    public WorkerOutput output() {
        return output;
    }

    /**
     * The job has been put into the queue.
     *
     * @param place its position there, from 1
     */
    synchronized void queued(int place) {
        position = place;
        output.events().append(CodexEventKind.QUEUED, System.currentTimeMillis());
    }

    /** Its position in the queue when it was put there, from 1; 0 if it never was. */
    public synchronized int position() {
        return position;
    }

    /** Replaces what it is to run. Returns false if it is about to start, or to end. */
    synchronized boolean replace(JobSpec other) {
        if (status != JobStatus.QUEUED || requests.any()) {
            return false;
        }
        spec = other;
        retrying = false;
        return true;
    }

    /** The workers that it has had. */
    Attempts attempts() {
        return attempts;
    }

    /** Whether the worker with this number runs, or is about to. */
    synchronized boolean runs(int attempt) {
        return attempts.number() == attempt
                && status != JobStatus.QUEUED
                && status != JobStatus.SUBMITTED
                && !status.ended();
    }

    /** Why the worker could not continue, if the job is to have another one because of that. */
    synchronized Optional<Failure> retryAfter(ExitStatus how) {
        boolean left =
                attempts.number() > 0 && attempts.number() <= spec.scheduling().retries();
        if (!left || how.returnedZero() || !mayRetry()) {
            return Optional.empty();
        }
        return output.failure(attempts.firstEvent()).filter(Retries::mayPass);
    }

    private boolean mayRetry() {
        return !requests.anyOrKilled() && !succession.begun() && !status.ended() && !output.turnCompleted();
    }

    /**
     * Goes back to {@code QUEUED}: the worker has exited, and another will continue.
     *
     * @return false if the job has to end, since it was asked to meanwhile
     */
    synchronized boolean requeue(Failure failure) {
        if (!mayRetry()) {
            return false;
        }
        become(JobStatus.QUEUED);
        worker = null;
        retrying = true;
        long now = System.currentTimeMillis();
        attempts.retry(now, failure);
        output.events().append(CodexEventKind.RETRY, now);
        return true;
    }

    /** Decides what a further attempt runs. May read a file. */
    void prepareRetry() {
        JobSpec first;
        synchronized (this) {
            if (!retrying) {
                return;
            }
            first = attempts.firstSpec();
        }
        JobSpec next = Retries.next(this, first);
        synchronized (this) {
            if (retrying) {
                spec = next;
                retrying = false;
            }
        }
    }

    /**
     * Enters {@code STARTING}: the worker is about to be started.
     *
     * @param what the program
     * @param now milliseconds since 1970
     * @return false if it must not be started because the job was asked to end
     */
    synchronized boolean starting(String what, long now) {
        if (requests.any()) {
            return false;
        }
        become(JobStatus.STARTING);
        submitted = false;
        attempts.start(now, spec, what, output.events().size());
        startedAt = startedAt == 0 ? now : startedAt;
        output.events().append(CodexEventKind.SPAWNED, now);
        return true;
    }

    /** Enters {@code SUBMITTED}: an engine is about to be asked for the worker. Otherwise as {@link #starting}. */
    synchronized boolean submitting(String what) {
        if (requests.any()) {
            return false;
        }
        become(JobStatus.SUBMITTED);
        submittedProgram = what;
        submitted = true;
        return true;
    }

    /**
     * Enters {@code RUNNING} from {@code SUBMITTED}: the engine has started the worker.
     *
     * @param where the host that runs it; empty if that is not known yet
     * @param now milliseconds since 1970
     * @return whether the job has not been running before
     */
    synchronized boolean runsOn(Optional<String> where, long now) {
        host = host.or(() -> where);
        if (status != JobStatus.SUBMITTED) {
            return false;
        }
        become(JobStatus.RUNNING);
        attempts.start(now, spec, submittedProgram, output.events().size());
        startedAt = startedAt == 0 ? now : startedAt;
        output.events().append(CodexEventKind.SPAWNED, now);
        return true;
    }

    /** The host that runs or ran the worker, if not this one and if known. */
    public synchronized Optional<String> host() {
        return host;
    }

    /** What an engine says that the job waits for; empty unless it has been submitted to one and does not run yet. */
    Optional<String> pendingReason() {
        Worker pending;
        synchronized (this) {
            pending = status == JobStatus.SUBMITTED ? worker : null;
        }
        return pending == null ? Optional.empty() : pending.pendingReason();
    }

    /**
     * Enters {@code RUNNING} from {@code STARTING}: the worker has been started, or an engine been asked for it. Ends the
     * worker if the job was asked to end meanwhile.
     *
     * @param attempt the number of the worker, or of the one before it if an engine starts it
     * @return false if the worker has exited already, or if it is the engine that starts it
     */
    boolean started(Worker handle, int attempt) {
        boolean force;
        boolean runs;
        synchronized (this) {
            runs = !submitted;
            boolean requeued = status == JobStatus.QUEUED && (submitted || attempts.number() == attempt);
            if (status.ended() || requeued || (runs && attempts.number() > attempt)) {
                return false;
            }
            if (runs) {
                become(JobStatus.RUNNING);
            }
            worker = handle;
            if (!requests.anyOrKilled()) {
                return runs;
            }
            force = requests.force();
        }
        handle.end(force);
        return runs;
    }

    private void become(JobStatus next) {
        if (!status.canBecome(next)) {
            throw new IllegalStateException("Job " + id + " is " + status + " and can't become " + next);
        }
        status = next;
    }

    /** The worker has exited. */
    void exited(ExitStatus how) {
        end(null, how);
    }

    /** The worker has ended without an exit status: what was asked for comes first, then what the engine says. */
    void endedElsewhere(WorkerEnd end) {
        boolean lost = end instanceof WorkerEnd.Lost;
        String reason = end instanceof WorkerEnd.Lost how ? how.reason() : "";
        if (end instanceof WorkerEnd.NotStarted refused) {
            reason = refused.reason();
        }
        boolean wanted;
        synchronized (this) {
            wanted = requests.any() && (requests.makeItFail() || !output.turnCompleted());
            if (!status.ended() && !wanted) {
                ending.startFailed(new StartException(reason));
            }
        }
        end(wanted ? null : lost ? EndCause.LOST : EndCause.START, null);
    }

    /** The worker could not be started, or its output can't be read. */
    void startFailed(Throwable why) {
        synchronized (this) {
            if (!status.ended()) {
                ending.startFailed(why);
            }
        }
        end(EndCause.START, null);
    }

    /**
     * The only transition into an ended state. Allocates no memory; whatever fails in it, the job ends and the steps
     * after the end run.
     */
    private void end(@Nullable EndCause why, @Nullable ExitStatus how) {
        synchronized (this) {
            if (status.ended()) {
                return;
            }
            long now = System.currentTimeMillis();
            // Sealed before the status changes: a reader that sees the job ended also sees its last event.
            try {
                output.events().seal(now);
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
            boolean completed = output.turnCompleted();
            boolean failed = why == EndCause.START || why == EndCause.LOST || (requests.makeItFail() && !completed);
            become(failed ? JobStatus.FAILED : JobStatus.atEnd(how, requests.any(), completed));
            ending.at(now, why != null ? why : EndCause.of(status, how, requests.first(), output.outOfMemory()), how);
            worker = null;
            try {
                ending.explain(status, output, attempts.firstEvent());
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
        }
        afterEnd.take(this);
    }

    /** Notifies the end listeners. One of the steps after the end. */
    void notifyListeners() {
        Map<Runnable, Boolean> waiting;
        synchronized (this) {
            waiting = listeners.take();
        }
        EndListeners.notify(waiting);
    }

    /**
     * Asks the job to end: its worker with all descendants, or its wait for a start.
     *
     * @param force kill the worker rather than ask it to exit
     * @return false if the job has ended already
     */
    public boolean cancel(boolean force) {
        return askToEnd(EndCause.CANCELED, force);
    }

    /** Whether the job has been asked to end because of a limit. */
    synchronized boolean limitWasReached() {
        return requests.makeItFail();
    }

    /**
     * As {@link #cancel}, for another cause.
     *
     * @return false if the job has ended already
     */
    boolean askToEnd(EndCause why, boolean force) {
        Worker running;
        boolean queued;
        EndCause first;
        synchronized (this) {
            if (status.ended()) {
                return false;
            }
            first = requests.add(why, force);
            running = worker;
            queued = status == JobStatus.QUEUED;
        }
        if (queued) {
            end(first, null);
        } else if (running != null) {
            running.end(force);
        }
        return true;
    }

    /** Kills the worker because the server can't keep its output. That is not a cancel: the job fails. */
    private void kill() {
        Worker running;
        synchronized (this) {
            requests.kill();
            running = worker;
        }
        if (running != null) {
            running.end(true);
        }
    }

    /**
     * Notes that another job is to continue its work.
     *
     * @return false if the job has ended or been interrupted already
     */
    synchronized boolean toBeSucceeded() {
        return !status.ended() && succession.begin();
    }

    Succession succession() {
        return succession;
    }

    /** Present if the job was interrupted: completes with the id of its successor, or empty if there is none. */
    public Optional<CompletableFuture<Optional<String>>> successor() {
        return succession.outcome();
    }

    /**
     * Runs {@code listener} once when the job ends.
     *
     * @return false if the job has ended already; then the listener does not run
     */
    public synchronized boolean onEnd(Runnable listener) {
        return !status.ended() && listeners.add(listener);
    }

    public synchronized void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    /** The tokens that it has used so far, without those that its thread had used before; empty if unknown. */
    public Optional<TokenUsage> usage() {
        return meter.usage();
    }

    /** The limit of the provider that ended it, if that was the cause. */
    synchronized Optional<EndCause> limitReported() {
        return ending.cause().filter(EndCause::isProviderLimit);
    }

    /** When the provider's limit ends, in milliseconds since 1970, if known. */
    synchronized Optional<Long> retryAt() {
        return ending.details().retryAt();
    }

    public synchronized boolean ended() {
        return status.ended();
    }

    public synchronized JobStatus status() {
        return status;
    }

    public synchronized JobSnapshot snapshot() {
        return new JobSnapshot(
                id,
                spec.label(),
                status,
                startedAt == 0 ? Optional.empty() : Optional.of(startedAt),
                status.ended() ? Optional.of(ending.time()) : Optional.empty(),
                ending.cause(),
                ending.exit(),
                host,
                ending.details());
    }
}

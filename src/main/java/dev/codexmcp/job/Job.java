package dev.codexmcp.job;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.Worker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One worker, from the request for it to its end, and its output.
 *
 * <pre>
 *                 starting()             started()
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
 * {@link #end} makes the only transition into an ended state, once, without allocating memory. {@code this} guards all
 * mutable fields; listeners, the worker and the steps after the end are called outside the lock.
 */
public final class Job {
    private final String id;
    private final JobSpec spec;
    private final WorkerOutput output = new WorkerOutput(new JobEvents(this), this::kill);
    private final EndSteps afterEnd;

    private JobStatus status = JobStatus.QUEUED;
    private String program = "";
    private @Nullable Worker worker;
    private long startedAt;

    /** The cause given by the first request to end the job, and whether any request was forced. */
    private @Nullable EndCause asked;

    private boolean forced;
    private boolean killed;

    private @Nullable EndCause cause;
    private @Nullable ExitStatus exit;
    private long finishedAt;

    /** The keys are the end listeners, in order; null once they have been notified. */
    private @Nullable Map<Runnable, Boolean> listeners = new LinkedHashMap<>();

    /** Completes with the id of the job that continues this one's work; null unless it was interrupted. */
    private @Nullable CompletableFuture<Optional<String>> successor;

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

    /** The program that was started, once it has been. */
    synchronized String program() {
        return program;
    }

    /**
     * Enters {@code STARTING}: the worker is about to be started.
     *
     * @param what the program
     * @param now milliseconds since 1970
     * @return false if it must not be started because the job was asked to end
     */
    synchronized boolean starting(String what, long now) {
        if (asked != null) {
            return false;
        }
        become(JobStatus.STARTING);
        program = what;
        startedAt = now;
        output.events().append(CodexEventKind.SPAWNED, startedAt);
        return true;
    }

    /**
     * Enters {@code RUNNING}: the worker has been started. Ends the worker if the job was asked to end meanwhile.
     *
     * @return false if the worker has exited already
     */
    boolean started(Worker handle) {
        boolean force;
        synchronized (this) {
            if (status.ended()) {
                return false;
            }
            become(JobStatus.RUNNING);
            worker = handle;
            if (asked == null && !killed) {
                return true;
            }
            force = forced || killed;
        }
        handle.end(force);
        return true;
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

    /** The worker could not be started, or its output can't be read. */
    void startFailed() {
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
            finishedAt = System.currentTimeMillis();
            // Sealed before the status changes: a reader that sees the job ended also sees its last event.
            try {
                output.events().seal(finishedAt);
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
            become(
                    why == EndCause.START
                            ? JobStatus.FAILED
                            : JobStatus.atEnd(how, asked != null, output.turnCompleted()));
            cause = why != null ? why : EndCause.of(status, how, asked, output.outOfMemory());
            exit = how;
            worker = null;
        }
        afterEnd.take(this);
    }

    /** Notifies the end listeners. One of the steps after the end. */
    void notifyListeners() {
        Map<Runnable, Boolean> waiting;
        synchronized (this) {
            waiting = listeners;
            listeners = null;
        }
        if (waiting != null) {
            waiting.forEach(Job::run); // an iterator would allocate memory
        }
    }

    private static void run(Runnable listener, Boolean present) {
        Failures.contain(listener);
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

    /** As {@link #cancel}, because the server is shutting down. */
    boolean shutDown(boolean force) {
        return askToEnd(EndCause.SHUTDOWN, force);
    }

    private boolean askToEnd(EndCause why, boolean force) {
        Worker running;
        boolean queued;
        synchronized (this) {
            if (status.ended()) {
                return false;
            }
            if (asked == null) {
                asked = why;
            }
            forced |= force;
            running = worker;
            queued = status == JobStatus.QUEUED;
        }
        if (queued) {
            end(why, null);
        } else if (running != null) {
            running.end(force);
        }
        return true;
    }

    /** Kills the worker because the server can't keep its output. That is not a cancel: the job fails. */
    private void kill() {
        Worker running;
        synchronized (this) {
            killed = true;
            running = worker;
        }
        if (running != null) {
            running.end(true);
        }
    }

    /**
     * Asks the job to end so that another can continue its work. The first caller must start that successor and report
     * {@linkplain #succeededBy the outcome}.
     *
     * @return false if the job has ended or been interrupted already
     */
    public boolean interrupt() {
        synchronized (this) {
            if (successor != null || status.ended()) {
                return false;
            }
            successor = new CompletableFuture<>();
        }
        cancel(false);
        return true;
    }

    /**
     * Reports the outcome of an interruption; only the first report counts.
     *
     * @param jobId the successor, empty if there is none
     */
    public void succeededBy(Optional<String> jobId) {
        successor()
                .orElseThrow(() -> new IllegalStateException("Job " + id + " was not interrupted"))
                .complete(jobId);
    }

    /** Present if the job was interrupted: completes with the id of its successor, or empty if there is none. */
    public synchronized Optional<CompletableFuture<Optional<String>>> successor() {
        return Optional.ofNullable(successor);
    }

    /**
     * Runs {@code listener} once when the job ends.
     *
     * @return false if the job has ended already; then the listener does not run
     */
    public synchronized boolean onEnd(Runnable listener) {
        if (status.ended() || listeners == null) {
            return false;
        }
        listeners.put(listener, true);
        return true;
    }

    public synchronized void removeListener(Runnable listener) {
        if (listeners != null) {
            listeners.remove(listener);
        }
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
                status.ended() ? Optional.of(finishedAt) : Optional.empty(),
                Optional.ofNullable(cause),
                Optional.ofNullable(exit));
    }
}

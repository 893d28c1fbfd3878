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
 * One worker, from the wish for it to its end, and all it has said.
 *
 * <pre>
 *                 starting()             started()
 *     QUEUED ──────────────▶ STARTING ──────────────▶ RUNNING
 *        │                      │                        │
 *        │ cancel()             │ could not be started,  │ the worker has ended
 *        ▼                      ▼ or has ended already   ▼
 *     ┌───────────────────────── end() ─────────────────────┐
 *     │ CANCELED  its end was asked for, turn not completed │
 *     │ DONE      the worker returned 0                     │
 *     │ FAILED    anything else                             │
 *     └─────────────────────────────────────────────────────┘
 * </pre>
 *
 * {@link #end} makes the one transition into an ended state, once, and needs no memory for it. {@code this} guards all
 * fields that change; listeners, the worker and the steps that follow the end are called outside the lock.
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

    /** Why its end was asked for, by whoever asked first; and whether it is to be forced. */
    private @Nullable EndCause asked;

    private boolean forced;
    private boolean killed;

    private @Nullable EndCause cause;
    private @Nullable ExitStatus exit;
    private long finishedAt;

    /** The keys wait for the end, in this order; null once they have been notified. */
    private @Nullable Map<Runnable, Boolean> listeners = new LinkedHashMap<>();

    /** Completed with the id of the job that goes on with this one's work; null unless it has been interrupted. */
    private @Nullable CompletableFuture<Optional<String>> successor;

    /** @param afterEnd taken once, right after the end */
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

    /** What was started, once it has been. */
    synchronized String program() {
        return program;
    }

    /**
     * Its worker is about to be started.
     *
     * @param what the program
     * @param now milliseconds since 1970
     * @return false if that must not be: its end has been asked for
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
     * Its worker has been started. Ends the worker if that has been asked for meanwhile.
     *
     * @return false if the worker has ended already
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

    /** Its worker has ended. */
    void exited(ExitStatus how) {
        end(null, how);
    }

    /** Its worker could not be started, or not in a way that it can be heard. */
    void startFailed() {
        end(EndCause.START, null);
    }

    /**
     * The one transition into an ended state. Needs no memory, and whatever fails in it, the job has ended and what follows
     * is done.
     */
    private void end(@Nullable EndCause why, @Nullable ExitStatus how) {
        synchronized (this) {
            if (status.ended()) {
                return;
            }
            finishedAt = System.currentTimeMillis();
            // Sealed before the status shows: who sees the job ended sees its last event too.
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

    /** Notifies all who wait for the end. One of the steps that follow it. */
    void notifyListeners() {
        Map<Runnable, Boolean> waiting;
        synchronized (this) {
            waiting = listeners;
            listeners = null;
        }
        if (waiting != null) {
            waiting.forEach(Job::run); // an iterator would need memory
        }
    }

    private static void run(Runnable listener, Boolean present) {
        Failures.contain(listener);
    }

    /**
     * Asks for the job's end: that of its worker, with all it has started, or of its wait for one.
     *
     * @param force kill, rather than ask
     * @return false if the job has ended already
     */
    public boolean cancel(boolean force) {
        return askToEnd(EndCause.CANCELED, force);
    }

    /** The same, because the server is ending. */
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

    /** Ends the worker because the server can't keep what it says: that is no cancel, and the job fails. */
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
     * Asks for the job's end so that another may go on with its work. The first to ask is to provide that successor, and to
     * report {@linkplain #succeededBy what became of it}.
     *
     * @return false if the job has ended already, or has been interrupted
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
     * Reports what became of the successor; only the first report counts.
     *
     * @param jobId empty if there is none
     */
    public void succeededBy(Optional<String> jobId) {
        successor()
                .orElseThrow(() -> new IllegalStateException("Job " + id + " was not interrupted"))
                .complete(jobId);
    }

    /** Present if the job has been interrupted: completes with the id of its successor, or with none. */
    public synchronized Optional<CompletableFuture<Optional<String>>> successor() {
        return Optional.ofNullable(successor);
    }

    /**
     * Has {@code listener} run once when the job ends.
     *
     * @return false if the job has ended already: then it is not run
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

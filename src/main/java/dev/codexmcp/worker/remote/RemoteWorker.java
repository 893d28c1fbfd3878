package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.ChildProcess;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerEnd;
import dev.codexmcp.worker.WorkerListener;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One worker on an engine. Its launcher, a child of this process, connects it; the lease, which is the launcher's standard
 * input, keeps it alive.
 *
 * <pre>
 *                 submit              the runner reports the start
 *     WAITING ───────────▶ SUBMITTED ──────────────────────────────▶ RUNNING
 *        │ end()               │                                        │
 *        │                     └── the launcher has exited ─────────────┤
 *        ▼                             with the runner's last report    │ without
 *     ENDED ◀──────────────────────────────────────────────────────────┴── after it was reaped
 * </pre>
 *
 * {@link #end} goes through these steps until the launcher exits: close the lease; SIGTERM to the launcher; reap the worker by name;
 * SIGKILL to the launcher, last, because a launcher that is killed may leave its worker behind. {@code this} guards all
 * mutable fields; the listener is called outside.
 */
final class RemoteWorker implements Worker {
    /** How long the lease's end may take: the runner asks the worker to exit and kills it a second later. */
    private static final long LEASE_MILLIS = 3000;

    /** The same if it was asked with force, or a second time. */
    private static final long FORCED_LEASE_MILLIS = 1500;

    /** How long a launcher may take after a SIGTERM. */
    private static final long SIGNAL_MILLIS = 2000;

    /** How long a launcher may go on after the worker's exit has been reported, if nothing is read any more. */
    private static final long LINGER_MILLIS = 15_000;

    private static final byte[] KILL = "kill\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGN_OF_LIFE = {'\n'};

    private final RemoteJob job;
    private final RemoteLauncher launcher;
    private final WorkerListener listener;
    private final RunFacts facts;

    private @Nullable ChildProcess child;
    private @Nullable FirstOutput output;
    private boolean endAsked;
    private boolean forced;
    private boolean signaled;
    private boolean reaping;
    private boolean reaped;
    private boolean ended;
    private long endAskedAt;

    RemoteWorker(RemoteJob job, RemoteLauncher launcher, WorkerListener listener) {
        this.job = job;
        this.launcher = launcher;
        this.listener = listener;
        this.facts = new RunFacts(launcher.title());
    }

    RemoteJob job() {
        return job;
    }

    /** The launcher is about to be started. */
    synchronized void heardThrough(FirstOutput stdout, ReportReader stderr) {
        output = stdout;
        facts.words(stderr::engineWords, stderr::endingWords);
    }

    /** The launcher has been started; it may have ended since. */
    void submitted(ChildProcess started) {
        boolean stop;
        synchronized (this) {
            child = started;
            facts.submitted(System.nanoTime());
            stop = endAsked;
        }
        if (stop) {
            closeLease(started);
        }
    }

    /** The runner reports. */
    void report(Report report) {
        ChildProcess answered;
        synchronized (this) {
            answered = child;
            facts.reported(report);
        }
        if (report instanceof Report.Started started) {
            launcher.connected(this);
            listener.running(Optional.of(started.host()));
        } else if (answered != null) {
            answered.closeInput();
            launcher.after(LINGER_MILLIS, this::linger);
        }
    }

    /** The worker writes: it runs, even if the report of that, which comes by another way, has not arrived yet. */
    void hasOutput() {
        listener.running(host());
    }

    private synchronized Optional<String> host() {
        return facts.host();
    }

    /** Shows the runner that this server is alive. */
    void beat() {
        ChildProcess running;
        synchronized (this) {
            running = facts.started() && !endAsked ? child : null;
        }
        if (running != null) {
            running.writeInput(SIGN_OF_LIFE);
        }
    }

    /** Whether the engine has been asked for it and has not started it yet. */
    synchronized boolean isPending() {
        return child != null && facts.isPending();
    }

    /** The engine has said which workers it has. */
    void listed(boolean known) {
        boolean forgotten;
        synchronized (this) {
            forgotten = child != null && facts.forgotten(known, System.nanoTime());
        }
        if (forgotten) {
            signal();
        }
    }

    @Override
    public void end(boolean force) {
        ChildProcess started;
        boolean first;
        synchronized (this) {
            if (ended || (endAsked && (forced || !force))) {
                return;
            }
            first = !endAsked;
            if (first) {
                endAskedAt = System.nanoTime();
            }
            endAsked = true;
            forced |= force;
            started = child;
        }
        if (launcher.withdraw(this)) {
            finish(new WorkerEnd.NotStarted("ended before " + launcher.title() + " was asked for it"));
        } else if (started != null && first) {
            closeLease(started);
        } else if (started != null) {
            long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - endAskedAt);
            launcher.after(Math.max(0, FORCED_LEASE_MILLIS - passed), this::signal);
        }
    }

    private void closeLease(ChildProcess started) {
        boolean running;
        boolean force;
        synchronized (this) {
            running = facts.started();
            force = forced;
        }
        if (force) {
            started.writeInput(KILL);
        }
        started.closeInput();
        // Nobody holds the lease of a worker that has not been started, so nobody sees its end.
        launcher.after(!running ? 0 : force ? FORCED_LEASE_MILLIS : LEASE_MILLIS, this::signal);
    }

    private void signal() {
        ChildProcess started;
        synchronized (this) {
            if (signaled || facts.launcherGone() || child == null) {
                return;
            }
            signaled = true;
            started = child;
        }
        started.end(false);
        launcher.after(SIGNAL_MILLIS, this::reap);
    }

    /** The worker has exited. Its launcher may still have output to pass on, or wait in vain for an engine that is down. */
    private void linger() {
        FirstOutput read;
        synchronized (this) {
            if (facts.launcherGone()) {
                return;
            }
            read = output;
        }
        if (read != null && read.takeMore()) {
            launcher.after(LINGER_MILLIS, this::linger);
        } else {
            signal();
        }
    }

    /** Ends the worker by its name, then kills the launcher if it still runs. */
    private void reap() {
        synchronized (this) {
            if (reaping || (facts.ended() && facts.launcherGone())) {
                return;
            }
            reaping = true;
        }
        launcher.reap(job, this::attempted);
    }

    /** The engine has been asked to end the worker. If it could not, only the end of its lease ends a worker that runs. */
    private void attempted(boolean gone) {
        boolean mayRun;
        synchronized (this) {
            mayRun = facts.started() && !facts.ended();
        }
        if (!gone && mayRun) {
            launcher.after(launcher.leaseMillis(), this::reaped);
        } else {
            reaped();
        }
    }

    /** Nothing of the worker runs any more, as far as can be known. */
    private void reaped() {
        ChildProcess started;
        boolean gone;
        synchronized (this) {
            reaped = true;
            started = child;
            gone = facts.launcherGone();
        }
        if (gone) {
            finish(end());
        } else if (started != null) {
            started.end(true);
        }
    }

    /** The launcher has exited, and its output has been read. */
    void launcherEnded(ExitStatus status) {
        boolean known;
        boolean clean;
        synchronized (this) {
            facts.launcherEnded(status);
            clean = facts.ended() || reaped;
            known = clean || facts.refused();
        }
        if (known) {
            finish(end());
        }
        if (!clean) {
            reap(); // the engine may still have the worker, whatever the launcher says
        }
    }

    /** The launcher could not be started, after its turn had come. */
    void failed(String reason) {
        finish(new WorkerEnd.NotStarted(reason));
    }

    private synchronized WorkerEnd end() {
        return facts.end();
    }

    private void finish(WorkerEnd end) {
        boolean entirely;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            entirely = facts.ended(); // the runner has seen to it
        }
        launcher.gone(this, entirely);
        listener.ended(end);
    }

    @Override
    public Optional<String> pendingReason() {
        synchronized (this) {
            if (facts.started() || ended) {
                return Optional.empty();
            }
        }
        return Optional.of(launcher.pendingReason(this)
                .map(reason -> launcher.title() + ": " + reason)
                .orElse(launcher.title()));
    }
}

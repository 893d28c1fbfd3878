package dev.codexmcp.worker;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers as children of this process. Each carries a cookie in its environment, {@code CODEX_MCP_JOB=server/name},
 * by which whatever it starts is known as its own. Thread-safe.
 */
public final class LocalLauncher implements WorkerLauncher {
    public static final String COOKIE = "CODEX_MCP_JOB";

    private final ScheduledThreadPoolExecutor timer;

    /** Made before the first worker, all guarded by {@code this}. */
    private @Nullable String prefix;

    private @Nullable Watchdog watchdog;
    private @Nullable ProcessTreeKiller killer;
    private boolean started;

    /** @param timer bounds how long an ended worker's output is waited for */
    public LocalLauncher(ScheduledThreadPoolExecutor timer) {
        this.timer = timer;
    }

    @Override
    public void prepare() throws StartException {
        try {
            ready();
            ChildProcess.warmUp();
        } catch (OutOfMemoryError e) {
            throw noThread(e);
        }
    }

    @Override
    public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
            throws StartException {
        ProcessTreeKiller used;
        try {
            used = guarded();
        } catch (OutOfMemoryError e) {
            throw noThread(e);
        }
        return launch(used, command, stdout, stderr, listener::ended);
    }

    @Override
    public List<String> names() {
        return List.of("local");
    }

    @Override
    public Cookie cookie(String name, WorkerPlace place) {
        return cookie(name);
    }

    private Cookie cookie(String name) {
        return new Cookie(COOKIE, prefix() + name);
    }

    @Override
    public Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd)
            throws StartException {
        return launch(ready(), command, stdout, stderr, onEnd);
    }

    private Worker launch(
            ProcessTreeKiller used,
            WorkerCommand command,
            OutputSink stdout,
            OutputSink stderr,
            Consumer<ExitStatus> onEnd)
            throws StartException {
        ChildProcess.Command child = new ChildProcess.Command(
                command.program(),
                command.arguments(),
                command.unset(),
                command.environment(),
                cookie(command.name()),
                command.stdin(),
                false);
        try {
            return ChildProcess.start(child, stdout, stderr, used, timer, onEnd);
        } catch (RuntimeException | Error e) {
            killAll(used, child.cookie().word(), e);
            throw e;
        }
    }

    /** Kills what a start that failed halfway may have left. */
    private static void killAll(ProcessTreeKiller used, String cookie, Throwable failure) {
        try {
            used.killCarriers(cookie);
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    /** How the cookie of every worker of this server begins. */
    private synchronized String prefix() {
        if (prefix == null) {
            prefix = RandomId.next() + "/";
        }
        return prefix;
    }

    /** Everything that a worker's end needs, with a watchdog that knows that there are workers. */
    private synchronized ProcessTreeKiller guarded() {
        ProcessTreeKiller made = ready();
        Objects.requireNonNull(watchdog).ensureRunning();
        started = true;
        return made;
    }

    private synchronized ProcessTreeKiller ready() {
        if (killer == null || watchdog == null) {
            // All threads, now: a system that refuses one must do so before there is a worker.
            timer.prestartCoreThread();
            watchdog = new Watchdog(COOKIE, prefix());
            killer = new ProcessTreeKiller(COOKIE, watchdog);
        }
        watchdog.prepare();
        return killer;
    }

    /** Java's word for a thread that the system refuses. */
    private static StartException noThread(OutOfMemoryError e) {
        return new StartException("too many processes or threads (" + e.getMessage() + ")", e);
    }

    @Override
    public void close() {
        ProcessTreeKiller used;
        Watchdog idle;
        boolean anyWorkers;
        synchronized (this) {
            used = killer;
            idle = watchdog;
            anyWorkers = started;
        }
        if (used == null || idle == null) {
            return;
        }
        if (anyWorkers) { // a rehearsal leaves nothing
            used.killCarriers(prefix());
        }
        try {
            idle.dismiss();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.codexmcp.worker;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One child process, from its start to the moment when nothing more will be heard of it.
 *
 * <pre>
 *              exits                 both streams ended,
 *   RUNNING ──────────▶ DRAINING ─── or DRAIN_MILLIS later ──▶ ENDED
 *      │                   ▲  (what was left behind is
 *      │ end() asks        │   killed here, if end() was
 *      └───────────────────┘   ever called)
 * </pre>
 *
 * The end is told exactly once, from one of the threads below, never from {@link #start}'s caller and never under a lock.
 * All fields that change are guarded by {@code this}.
 *
 * <p>Threads: one for each of the two streams, which reads straight into its {@link OutputSink} until the stream ends; the
 * JDK's reaper; for a prompt that goes through standard input, one that writes it. All are daemons.
 */
public final class ChildProcess implements Worker {
    /** How long a stream may go on after the process has ended: a grandchild may hold the pipe for days. */
    static final long DRAIN_MILLIS = 500;

    /**
     * What to run.
     *
     * @param program a path; the system's search for it is over
     * @param arguments as the program gets them
     * @param unset variables of this process's environment that the new one doesn't get
     * @param environment added to this process's own
     * @param cookie one more entry of the environment, by which everything the process starts is known
     * @param stdin what the process reads, then end of file; null: it reads from the null device
     */
    public record Command(
            String program,
            List<String> arguments,
            Set<String> unset,
            Map<String, String> environment,
            Cookie cookie,
            byte @Nullable [] stdin) {
        public Command {
            arguments = List.copyOf(arguments);
            unset = Set.copyOf(unset);
            environment = Map.copyOf(environment);
        }
    }

    private final Process process;
    private final String cookie;
    private final ProcessTreeKiller reaper;
    private final ScheduledExecutorService timer;
    private final Consumer<ExitStatus> onEnd;

    private int openStreams = 2;
    private @Nullable ExitStatus exit;
    private boolean endAsked;
    private boolean sweeping;
    private boolean ended;

    private ChildProcess(
            Process process,
            Command command,
            ProcessTreeKiller reaper,
            ScheduledExecutorService timer,
            Consumer<ExitStatus> onEnd) {
        this.process = process;
        this.cookie = command.cookie().word();
        this.reaper = reaper;
        this.timer = timer;
        this.onEnd = onEnd;
    }

    /** Does in advance what the first process would have to wait for. */
    public static void warmUp() {
        StreamPumper.prepare();
    }

    /**
     * Starts a process.
     *
     * @param timer runs the bound on draining
     * @param onEnd told once, when the process has ended and both intakes have been told that theirs has, or are heard no
     *     more; perhaps before this returns
     * @throws StartException where the system refuses; then nothing is left of the process
     */
    public static ChildProcess start(
            Command command,
            OutputSink stdout,
            OutputSink stderr,
            ProcessTreeKiller reaper,
            ScheduledExecutorService timer,
            Consumer<ExitStatus> onEnd)
            throws StartException {
        Process process;
        try {
            process = ProcessStarter.start(command);
        } catch (IOException e) {
            throw new StartException("cannot start \"" + command.program() + "\": " + reason(e), e);
        } catch (OutOfMemoryError e) {
            // Java's word for a thread that the system refuses: the JDK's own, when the process runs already.
            reaper.killCarriers(command.cookie().word());
            throw noThread(command, e);
        }
        reaper.started(process.toHandle());
        ChildProcess child = new ChildProcess(process, command, reaper, timer, onEnd);
        try {
            child.listen(stdout, stderr, command.stdin());
        } catch (OutOfMemoryError e) {
            child.abandon();
            throw noThread(command, e);
        } catch (RuntimeException | Error e) {
            child.abandon();
            throw e;
        }
        return child;
    }

    private static StartException noThread(Command command, OutOfMemoryError e) {
        return new StartException(
                "cannot start \"" + command.program() + "\": too many processes or threads (" + e.getMessage() + ")",
                e);
    }

    /** Kills a process that nobody can listen to. Its end is not told. */
    private void abandon() {
        synchronized (this) {
            ended = true;
        }
        root().destroyForcibly();
    }

    private void listen(OutputSink stdout, OutputSink stderr, byte @Nullable [] stdin) {
        String name = "worker-" + process.pid();
        StreamPumper.read(name + "-stdout", process.getInputStream(), stdout, this::streamEnded);
        StreamPumper.read(name + "-stderr", process.getErrorStream(), stderr, this::streamEnded);
        if (stdin != null) {
            StreamPumper.write(name + "-stdin", process.getOutputStream(), stdin);
        }
        reaper.watch(this);
    }

    private void streamEnded() {
        boolean last;
        synchronized (this) {
            last = --openStreams == 0;
        }
        if (last) {
            awaitExit();
            endIfComplete();
        }
    }

    /** The streams have ended, so the process most likely has too: waiting here is sooner than being told. */
    private void awaitExit() {
        try {
            exited(process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the reaper will notice
        }
    }

    /**
     * For the {@link ProcessTreeKiller}, which asks now and then: the process may have exited while something it started holds its
     * streams open.
     *
     * @return whether the end has been told
     */
    boolean noticeExit() {
        if (!process.isAlive()) {
            exited(process.exitValue());
        }
        synchronized (this) {
            return ended;
        }
    }

    private void exited(int exitValue) {
        synchronized (this) {
            if (exit != null) {
                return;
            }
            exit = ExitStatus.of(exitValue);
            if (endAsked) {
                sweeping = true;
                reaper.sweep(this);
                return;
            }
        }
        endWhenDrained();
    }

    private void endWhenDrained() {
        if (!endIfComplete()) {
            timer.schedule(this::endNow, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean endIfComplete() {
        synchronized (this) {
            if (openStreams > 0 || sweeping) {
                return false;
            }
        }
        endNow();
        return true;
    }

    private void endNow() {
        ExitStatus status;
        synchronized (this) {
            if (ended || sweeping || exit == null) {
                return;
            }
            ended = true;
            status = exit;
        }
        onEnd.accept(status);
    }

    /**
     * Ends the process and all that it has started. Returns at once; the end is told as any other. What the process says
     * until then is heard. Asking again, or more forcefully, is fine at any time.
     *
     * @param force kill at once, rather than ask the process to end and kill only what it leaves behind
     */
    @Override
    public synchronized void end(boolean force) {
        if (ended) {
            return;
        }
        endAsked = true;
        if (exit == null) {
            reaper.end(this, force);
        } else if (!sweeping) {
            sweeping = true;
            reaper.sweep(this);
        }
    }

    /** For the {@link ProcessTreeKiller}: the process itself. */
    ProcessHandle root() {
        return process.toHandle();
    }

    /** For the {@link ProcessTreeKiller}: what all that the process starts carries. */
    String cookie() {
        return cookie;
    }

    /** For the {@link ProcessTreeKiller}: signals the process alone. */
    void signal(boolean force) {
        // Through the handle: Process.destroy would close the streams, and with them lose what is still to be heard.
        if (force) {
            root().destroyForcibly();
        } else {
            root().destroy();
        }
    }

    /** For the {@link ProcessTreeKiller}: what was left behind has been killed. */
    void swept() {
        synchronized (this) {
            sweeping = false;
        }
        endWhenDrained();
    }

    private static String reason(IOException e) {
        // "Cannot run program "x" (in directory "y"): error=2, No such file or directory": the part that says why.
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message = String.valueOf(cause.getMessage());
        return message.replaceFirst("^error=(\\d+), ", "");
    }
}

package dev.codexmcp.worker;

import java.io.IOException;
import java.util.HashSet;
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
     * @param environment added to this process's own
     * @param mark one more entry of the environment, {@code NAME=VALUE}, by which everything the process starts is known; the
     *     value has no blank
     * @param stdin what the process reads, then end of file; null: it reads from the null device
     */
    public record Command(
            String program,
            List<String> arguments,
            Map<String, String> environment,
            Map.Entry<String, String> mark,
            byte @Nullable [] stdin) {
        public Command {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    private final Process process;
    private final String mark;
    private final ProcessTreeKiller reaper;
    private final ScheduledExecutorService timer;
    private final Consumer<ExitStatus> onEnd;

    private final Set<ProcessHandle> started = new HashSet<>();
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
        this.mark = command.mark().getValue();
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
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add(command.program());
        builder.command().addAll(command.arguments());
        restoreLocale(builder.environment());
        builder.environment().putAll(command.environment());
        // Beside the marks that this process has itself, where it runs within somebody's worker: it is theirs too.
        builder.environment()
                .merge(command.mark().getKey(), command.mark().getValue(), (own, mark) -> own + " " + mark);
        byte[] stdin = command.stdin();
        if (stdin == null) {
            builder.redirectInput(ProcessStarter.NULL_DEVICE);
        }
        Process process;
        try {
            process = ProcessStarter.start(builder);
        } catch (IOException e) {
            throw new StartException("cannot start \"" + command.program() + "\": " + reason(e), e);
        } catch (OutOfMemoryError e) {
            // Java's word for a thread that the system refuses: the JDK's own, when the process runs already.
            reaper.killAllMarked(command.mark().getValue());
            throw noThread(command, e);
        }
        ChildProcess child = new ChildProcess(process, command, reaper, timer, onEnd);
        try {
            child.listen(stdout, stderr, stdin);
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
        process.toHandle().destroyForcibly();
    }

    /** The launcher gives the JVM a UTF-8 locale, since it encodes arguments by it; workers get the user's own. */
    private static void restoreLocale(Map<String, String> environment) {
        String users = System.getProperty("codexmcp.lc_all");
        if (users == null) {
            return; // not started by the launcher
        }
        if (users.isEmpty()) {
            environment.remove("LC_ALL");
        } else {
            environment.put("LC_ALL", users);
        }
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
     * @return whether there is nothing more to notice
     */
    boolean noticeExit() {
        if (process.isAlive()) {
            return false;
        }
        exited(process.exitValue());
        return true;
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

    /** For the {@link ProcessTreeKiller}: signals the process, and where forced all that it has started. */
    void signal(ProcessTable table, boolean force) {
        Set<ProcessHandle> members = leftovers(table);
        signalRoot(force);
        if (force) {
            members.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** For the {@link ProcessTreeKiller}: signals the process alone. */
    void signalRoot(boolean force) {
        // Through the handle: Process.destroy would close the streams, and with them lose what is still to be heard.
        ProcessHandle root = process.toHandle();
        if (force) {
            root.destroyForcibly();
        } else {
            root.destroy();
        }
    }

    /** For the {@link ProcessTreeKiller}: what the process has started, as far as it was ever seen. */
    synchronized Set<ProcessHandle> leftovers(ProcessTable table) {
        Set<ProcessHandle> roots = new HashSet<>(started);
        roots.add(process.toHandle());
        started.addAll(table.startedBy(roots, mark));
        return Set.copyOf(started);
    }

    /** For the {@link ProcessTreeKiller}: what was left behind has been killed. */
    void swept() {
        synchronized (this) {
            sweeping = false;
            started.clear();
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

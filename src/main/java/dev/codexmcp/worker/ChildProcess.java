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
 * One child process, from its start until its output has been read to the end.
 *
 * <pre>
 *              exits                 both streams at EOF,
 *   RUNNING ──────────▶ DRAINING ─── or DRAIN_MILLIS later ──▶ ENDED
 *      │                   ▲  (remaining descendants are
 *      │ end() signals     │   killed here if end() was
 *      └───────────────────┘   ever called)
 * </pre>
 *
 * The end is reported exactly once, from one of the threads below, never from {@link #start}'s caller and never under a
 * lock. All mutable fields are guarded by {@code this}.
 *
 * <p>Threads: one for each of the two streams, reading straight into its {@link OutputSink} until EOF; the JDK's
 * reaper; and, for a prompt passed on standard input, one that writes it. All are daemons.
 */
public final class ChildProcess implements Worker {
    /** How long a stream is read after the process has exited: a grandchild may hold the pipe open for days. */
    static final long DRAIN_MILLIS = 500;

    /**
     * What to run.
     *
     * @param program a path; {@code PATH} is not searched
     * @param arguments as the program receives them
     * @param unset variables of this process's environment that the child does not inherit
     * @param environment added to this process's own
     * @param cookie an additional environment entry that identifies the process and its descendants
     * @param stdin what the process reads first; null means the null device
     * @param keepsInputOpen whether EOF comes only when {@link ChildProcess#closeInput} is called, and not right after {@code
     *     stdin}
     */
    public record Command(
            String program,
            List<String> arguments,
            Set<String> unset,
            Map<String, String> environment,
            Cookie cookie,
            byte @Nullable [] stdin,
            boolean keepsInputOpen) {
        public Command {
            if (keepsInputOpen && stdin == null) {
                throw new IllegalArgumentException("the null device can't be kept open");
            }
            arguments = List.copyOf(arguments);
            unset = Set.copyOf(unset);
            environment = Map.copyOf(environment);
        }
    }

    private final Process process;
    private final String cookie;
    private final ProcessTreeKiller killer;
    private final ScheduledExecutorService timer;
    private final Consumer<ExitStatus> onEnd;

    /** Standard input; null unless it is kept open. */
    private final @Nullable OpenInput input;

    private int openStreams = 2;
    private @Nullable ExitStatus exit;
    private boolean endAsked;
    private boolean sweeping;
    private boolean ended;

    private ChildProcess(
            Process process,
            Command command,
            ProcessTreeKiller killer,
            ScheduledExecutorService timer,
            Consumer<ExitStatus> onEnd) {
        this.process = process;
        this.cookie = command.cookie().word();
        this.killer = killer;
        this.timer = timer;
        this.onEnd = onEnd;
        this.input = command.keepsInputOpen() ? new OpenInput(process.getOutputStream()) : null;
    }

    /** Starts threads in advance, so that the first process need not wait for them. */
    public static void warmUp() {
        StreamPumper.prepare();
    }

    /**
     * Starts a process.
     *
     * @param timer enforces {@link #DRAIN_MILLIS}
     * @param onEnd called once, when the process has exited and both streams are at EOF or no longer read; possibly
     *     before this method returns
     * @throws StartException if the system refuses; no process is left behind
     */
    public static ChildProcess start(
            Command command,
            OutputSink stdout,
            OutputSink stderr,
            ProcessTreeKiller killer,
            ScheduledExecutorService timer,
            Consumer<ExitStatus> onEnd)
            throws StartException {
        Process process;
        try {
            process = ProcessStarter.start(command);
        } catch (IOException e) {
            throw new StartException("cannot start \"" + command.program() + "\": " + reason(e), e);
        } catch (OutOfMemoryError e) {
            // The system refused the JDK's own thread for a process that is already running.
            killer.killCarriers(command.cookie().word());
            throw noThread(command, e);
        }
        killer.started(process.toHandle());
        ChildProcess child = new ChildProcess(process, command, killer, timer, onEnd);
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

    /** Kills a process whose output cannot be read. Its end is not reported. */
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
        if (stdin != null && input != null) {
            StreamPumper.run(name + "-stdin", () -> input.begin(stdin));
        } else if (stdin != null) {
            StreamPumper.write(name + "-stdin", process.getOutputStream(), stdin);
        }
        killer.watch(this);
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

    /** Both streams are at EOF, so the process has most likely exited: waiting here is faster than being notified. */
    private void awaitExit() {
        try {
            exited(process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the killer thread will notice
        }
    }

    /**
     * Called periodically by {@link ProcessTreeKiller}: the process may have exited while a descendant holds its
     * streams open.
     *
     * @return whether the end has been reported
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
                killer.sweep(this);
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
     * Ends the process and all its descendants. Returns at once; the end is reported like any other. Output is read
     * until then. May be called again, with or without force, at any time.
     *
     * @param force kill everything at once, rather than ask the process to exit and then kill what it leaves behind
     */
    @Override
    public synchronized void end(boolean force) {
        if (ended) {
            return;
        }
        endAsked = true;
        if (exit == null) {
            killer.end(this, force);
        } else if (!sweeping) {
            sweeping = true;
            killer.sweep(this);
        }
    }

    /**
     * Writes more to standard input if it is kept open and all that came before has been written. Blocks while the pipe is full,
     * so this is for a few bytes now and then.
     */
    public void writeInput(byte[] bytes) {
        if (input != null) {
            input.write(bytes);
        }
    }

    /** Lets the process see EOF on standard input, after what is still being written. Does not block. */
    public void closeInput() {
        if (input != null) {
            input.close();
        }
    }

    /** The process ID. */
    public long pid() {
        return process.pid();
    }

    /** The process itself, for {@link ProcessTreeKiller}. */
    ProcessHandle root() {
        return process.toHandle();
    }

    /** The cookie that all descendants inherit, for {@link ProcessTreeKiller}. */
    String cookie() {
        return cookie;
    }

    /** Signals the process but not its descendants, for {@link ProcessTreeKiller}. */
    void signal(boolean force) {
        // Through the handle: Process.destroy would close the streams and lose unread output.
        if (force) {
            root().destroyForcibly();
        } else {
            root().destroy();
        }
    }

    /** Called by {@link ProcessTreeKiller} when the remaining descendants have been killed. */
    void swept() {
        synchronized (this) {
            sweeping = false;
        }
        endWhenDrained();
    }

    private static String reason(IOException e) {
        // Keeps the reason in "Cannot run program "x" (in directory "y"): error=2, No such file or directory".
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message = String.valueOf(cause.getMessage());
        return message.replaceFirst("^error=(\\d+), ", "");
    }
}

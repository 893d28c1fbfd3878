package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.ChildProcess;
import dev.codexmcp.worker.Cookie;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.LocalLauncher;
import dev.codexmcp.worker.OutputSink;
import dev.codexmcp.worker.ProcessTreeKiller;
import dev.codexmcp.worker.RandomId;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers through an engine. Thread-safe: {@code this} guards the mutable fields; no command is run and no listener called
 * under it.
 */
public final class RemoteLauncher implements WorkerLauncher {
    /** How long {@link #close} waits for workers to end. Those that are left then are the watchdog's. */
    private static final long CLOSE_MILLIS = 15_000;

    /** How many signs of life go into one lease. */
    private static final int BEATS = 4;

    private final Engine engine;
    private final RemoteSettings settings;
    private final RemoteEnvironment environment;
    private final ScheduledExecutorService timer;
    private final EngineThreads threads = new EngineThreads();
    private final Names names = new Names();
    private final RemoteWatchdog watchdog = new RemoteWatchdog();
    private final Reaper reaper;
    private final Submissions<RemoteWorker> submissions;
    private final Optional<PendingReasons> pending;
    private final LateCheck lateCheck;

    /** The workers that have not ended. */
    private final Set<RemoteWorker> alive = new HashSet<>();

    private boolean beating;
    private @Nullable ProcessTreeKiller killer;

    /** @param environment this process's own */
    RemoteLauncher(
            Engine engine, RemoteSettings settings, Map<String, String> environment, ScheduledExecutorService timer) {
        this.engine = engine;
        this.settings = settings;
        this.environment = new RemoteEnvironment(environment, settings.passed());
        this.timer = timer;
        this.reaper = new Reaper(engine, threads, timer, job -> watchdog.remove(job.name()));
        this.submissions = new Submissions<>(
                new LaunchPace(settings.perSecond(), engine.connectingAtOnce(), System::nanoTime), threads, timer);
        this.pending = engine.queue().map(queue -> new PendingReasons(queue, threads, timer, this::listed));
        this.lateCheck = new LateCheck(jobs -> reaper.reap(jobs, gone -> {}), timer);
    }

    /** What people call the engine. */
    String title() {
        return engine.title();
    }

    @Override
    public void prepare() {
        // The engine's commands take so long that nothing done in advance would be noticed.
    }

    @Override
    public boolean runsHere(Optional<String> name) {
        return false;
    }

    @Override
    public Cookie cookie(String name, WorkerPlace place) {
        return new Cookie(LocalLauncher.COOKIE, names.cookiePrefix() + name);
    }

    @Override
    public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
            throws StartException {
        environment.check(engine);
        Path base = Path.of("").toAbsolutePath();
        boolean absolute = Path.of(command.place().directory()).isAbsolute();
        RemoteJob job = new RemoteJob(
                names.prefix() + command.name(),
                command.name(),
                RemoteJob.reduced(command.place().label().orElse("")),
                absolute ? command.place().directory() : base.toString());
        String folder = absolute ? "" : command.place().directory();
        RemoteWorker worker = new RemoteWorker(job, this, listener);
        synchronized (this) {
            alive.add(worker);
        }
        if (submissions.begin(worker, () -> submitLater(worker, command, folder, stdout, stderr))) {
            try {
                submit(worker, command, folder, stdout, stderr);
            } catch (StartException | RuntimeException | Error e) {
                gone(worker, true);
                throw e;
            }
        }
        return worker;
    }

    private void submitLater(
            RemoteWorker worker, WorkerCommand command, String folder, OutputSink stdout, OutputSink stderr) {
        try {
            submit(worker, command, folder, stdout, stderr);
        } catch (StartException | RuntimeException | Error e) {
            stdout.ended();
            stderr.ended();
            worker.failed(engine.title() + ": " + e.getMessage());
        }
    }

    private void submit(RemoteWorker worker, WorkerCommand command, String folder, OutputSink stdout, OutputSink stderr)
            throws StartException {
        RemoteJob job = worker.job();
        String key = RandomId.next().replace("-", "");
        Map<String, String> variables = environment.forWorker();
        variables.putAll(command.environment());
        byte[] input = Runner.input(
                key, job, cookie(job.jobId(), command.place()), command, variables, folder, settings.leaseSeconds());
        List<String> words = engine.start(job, Runner.shell(job));
        ChildProcess.Command child = new ChildProcess.Command(
                words.get(0),
                words.subList(1, words.size()),
                engine.passesEnvironment() ? environment.keptFromCommand() : Set.of(),
                Map.of(),
                new Cookie(LocalLauncher.COOKIE, "launcher-of-" + job.name()),
                input,
                true);
        ReportReader reader = new ReportReader(key, stderr, worker::report);
        FirstOutput output = new FirstOutput(stdout, worker::hasOutput);
        worker.heardThrough(output, reader);
        ChildProcess started = ChildProcess.start(child, output, reader, killer(), timer, worker::launcherEnded);
        watchdog.add(job.name(), started.pid(), engine.reapAfterServer(job));
        worker.submitted(started);
    }

    /** Everything that a launcher's end needs, made before the first one. */
    private synchronized ProcessTreeKiller killer() {
        if (killer == null) {
            killer = new ProcessTreeKiller(LocalLauncher.COOKIE, null);
        }
        if (!beating) {
            beating = true;
            long millis = TimeUnit.SECONDS.toMillis(settings.leaseSeconds()) / BEATS;
            timer.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
        }
        return killer;
    }

    private void beat() {
        List<RemoteWorker> workers;
        synchronized (this) {
            workers = List.copyOf(alive);
        }
        workers.forEach(RemoteWorker::beat);
        if (workers.stream().anyMatch(RemoteWorker::isPending)) {
            pending.ifPresent(PendingReasons::refresh);
        }
    }

    /** The engine has these jobs. */
    private void listed(Set<String> names) {
        List<RemoteWorker> workers;
        synchronized (this) {
            workers = List.copyOf(alive);
        }
        workers.forEach(worker -> worker.listed(names.contains(worker.job().name())));
    }

    /** A worker runs: the next may connect. */
    void connected(RemoteWorker worker) {
        submissions.connected(worker);
    }

    /**
     * A worker's end is known.
     *
     * @param entirely whether nothing of it runs any more
     */
    void gone(RemoteWorker worker, boolean entirely) {
        submissions.connected(worker);
        if (entirely && pending.isPresent()) {
            lateCheck.add(worker.job());
        } else if (entirely) {
            watchdog.remove(worker.job().name());
        }
        synchronized (this) {
            alive.remove(worker);
            notifyAll();
        }
    }

    /** Takes a worker back that has not been submitted. */
    boolean withdraw(RemoteWorker worker) {
        return submissions.withdraw(worker);
    }

    /** What a worker that has not been started waits for, if that is known. */
    Optional<String> pendingReason(RemoteWorker worker) {
        return submissions.isWaiting(worker)
                ? Optional.of("its turn to be submitted")
                : pending.flatMap(reasons -> reasons.of(worker.job()));
    }

    @Override
    public Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd) {
        throw new UnsupportedOperationException("rehearsals are local");
    }

    void after(long millis, Runnable step) {
        timer.schedule(step, millis, TimeUnit.MILLISECONDS);
    }

    void reap(RemoteJob job, Consumer<Boolean> attempted) {
        reaper.reap(List.of(job), attempted);
    }

    /** For how long a worker may run without a sign of life from this server, with the time that it takes to end then. */
    long leaseMillis() {
        return TimeUnit.SECONDS.toMillis(settings.leaseSeconds() + 5L);
    }

    /** Ends all workers, and waits until that is known or {@link #CLOSE_MILLIS} have passed. */
    @Override
    public void close() {
        List<RemoteWorker> workers;
        synchronized (this) {
            workers = List.copyOf(alive);
        }
        workers.forEach(worker -> worker.end(true));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        synchronized (this) {
            try {
                long left = CLOSE_MILLIS;
                while (!alive.isEmpty() && left > 0) {
                    wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.CodexCli.CodexMissingException;
import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.CodexProgram;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.worker.ChildProcess;
import dev.codexmcp.worker.Cookie;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.ProcessTreeKiller;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.Watchdog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * All jobs of this server, in memory: it starts them, finds them again, and ends them all when the server ends.
 *
 * <p>A permit is taken before a worker starts and given back exactly once, when its job ends or its start fails. The end of
 * a job is in this order: its streams are drained, its status is set and its last event stands, its permit is back, and
 * then those who wait for it are told.
 */
public final class JobRegistry implements AutoCloseable {
    /** Every worker carries this, so that what it starts can be known as its own: {@code CODEX_MCP_JOB=server/job}. */
    static final String COOKIE = "CODEX_MCP_JOB";

    /** How long workers may take to end of their own accord when the server ends. */
    private static final long GRACE_MILLIS = 600;

    /** How long it may take, once they are killed, until that is known. */
    private static final long KILL_MILLIS = 1000;

    private static final CodexProgram REHEARSAL_PROGRAM = CodexProgram.plain("/bin/echo");
    private static final JobSpec REHEARSAL = new JobSpec(
            new CodexCommand(
                    List.of("{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"\"}}"), null),
            "",
            WorkerOptions.NONE,
            Sandbox.READ_ONLY,
            Optional.empty(),
            Map.of());

    private final CodexCli cli;
    private final int maxJobs;
    private final Semaphore permits;

    /** Made before the first worker. Guarded by {@code this}. */
    private @Nullable String serverId;

    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final Set<Job> running = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer;

    /** Made before the first worker. Guarded by {@code this}. */
    private @Nullable ProcessTreeKiller reaper;

    private @Nullable Watchdog watchdog;

    private volatile boolean workerStarted;
    private volatile boolean closed;

    /** @param maxJobs how many jobs may run at once */
    public JobRegistry(CodexCli cli, int maxJobs) {
        this.cli = cli;
        this.maxJobs = maxJobs;
        this.permits = new Semaphore(maxJobs, true);
        this.timer = newTimer();
    }

    private static ScheduledThreadPoolExecutor newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true); // ten thousand ended waits would keep their jobs for minutes
        return timer;
    }

    /**
     * Does in advance what the first worker would have to wait for: its watchdog, threads and classes. For the classes it runs
     * a job that nobody sees, with a program that only prints a line. Whatever fails here is told when there is a worker.
     */
    public void warmUp() {
        try {
            ProcessTreeKiller used = prepare();
            ChildProcess.warmUp();
            launch(used, REHEARSAL_PROGRAM, REHEARSAL, false, () -> {});
            cli.program();
        } catch (JobException | CodexMissingException | OutOfMemoryError e) {
            LoggerFactory.getLogger(JobRegistry.class).debug("No worker could be started now", e);
        }
    }

    /**
     * Starts a job, if there is a permit for it.
     *
     * @throws JobException where the cap is reached or the worker can't be started; the permit is then back
     */
    public Job spawn(JobSpec spec) throws JobException {
        if (!permits.tryAcquire()) {
            throw new JobException("All " + maxJobs + " permits are taken: " + maxJobs + " jobs are running, and "
                    + "CODEX_MCP_MAX_JOBS allows no more. Wait for one with codex_wait_any, end one with codex_cancel, "
                    + "or have the server's CODEX_MCP_MAX_JOBS raised.");
        }
        Job job;
        try {
            job = start(spec, true, permits::release);
        } catch (JobException | RuntimeException | Error e) {
            permits.release();
            throw e;
        }
        return job;
    }

    /**
     * Starts a worker for a call that waits for its end: without a permit, since its caller is held up as long as it runs,
     * and unknown to {@link #find}. It ends with the server like any other.
     *
     * @throws JobException where the worker can't be started
     */
    public Job run(JobSpec spec) throws JobException {
        return start(spec, false, () -> {});
    }

    private Job start(JobSpec spec, boolean keep, Runnable atEnd) throws JobException {
        ProcessTreeKiller used;
        try {
            used = reaper();
        } catch (OutOfMemoryError e) {
            throw new JobException(
                    "The worker did not start: too many processes or threads (" + e.getMessage()
                            + "). End some of them, then try again.",
                    e);
        }
        CodexProgram program;
        try {
            program = cli.program();
        } catch (CodexMissingException e) {
            throw new JobException(String.valueOf(e.getMessage()), e);
        }
        return launch(used, program, spec, keep, atEnd);
    }

    private Job launch(ProcessTreeKiller used, CodexProgram program, JobSpec spec, boolean keep, Runnable atEnd)
            throws JobException {
        Job job = new Job(RandomId.next(), spec, program.path(), System.currentTimeMillis());
        Consumer<ExitStatus> onEnd = exit -> {
            job.end(exit);
            running.remove(job);
            atEnd.run();
            job.tellEnded();
        };
        Map<String, String> environment = new HashMap<>(program.environment());
        environment.putAll(spec.environment());
        Cookie cookie = new Cookie(COOKIE, cookiePrefix() + job.id());
        ChildProcess.Command command = new ChildProcess.Command(
                program.path(),
                spec.command().arguments(cookie),
                program.unset(),
                environment,
                cookie,
                spec.command().stdin());
        // Before the start, since its end may come at once.
        running.add(job);
        if (keep) {
            jobs.put(job.id(), job);
        }
        try {
            job.started(ChildProcess.start(command, job.log(), job.stderrIntake(), used, timer, onEnd));
        } catch (StartException e) {
            running.remove(job);
            jobs.remove(job.id());
            throw new JobException(
                    "The worker did not start: " + e.getMessage()
                            + ". Check the Codex CLI and the arguments, then try again.",
                    e);
        }
        if (closed) {
            job.cancel(true);
        }
        return job;
    }

    /** How the cookie of every worker of this server begins. */
    private synchronized String cookiePrefix() {
        if (serverId == null) {
            serverId = RandomId.next();
        }
        return serverId + "/";
    }

    private synchronized ProcessTreeKiller reaper() throws JobException {
        ProcessTreeKiller made = prepare();
        Objects.requireNonNull(watchdog).ensureRunning();
        workerStarted = true;
        return made;
    }

    private synchronized ProcessTreeKiller prepare() throws JobException {
        if (closed) {
            throw new JobException("The server is shutting down: no job is started any more.");
        }
        if (reaper == null || watchdog == null) {
            // All threads that a job's end needs, now: a system that refuses one must do so before there is a job.
            timer.prestartCoreThread();
            watchdog = new Watchdog(COOKIE, cookiePrefix());
            reaper = new ProcessTreeKiller(COOKIE, watchdog);
        }
        watchdog.prepare();
        return reaper;
    }

    /** The job of this id. */
    public Job find(String jobId) throws JobException {
        Job job = jobs.get(jobId);
        if (job == null) {
            throw new JobException(
                    "Unknown jobId \"" + jobId + "\". Jobs live in this server's memory: a restart of the "
                            + "server loses them. Use the jobId that codex_spawn answered with, or spawn the work again.");
        }
        return job;
    }

    /** Waits for the first of these jobs to end; see {@link WaitAny}. */
    public WaitAny waitAny(List<String> jobIds, long timeoutMillis) {
        List<Job> known = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String id : jobIds) {
            Job job = jobs.get(id);
            if (job == null) {
                missing.add(id);
            } else {
                known.add(job);
            }
        }
        return WaitAny.start(known, missing, timeoutMillis, timer);
    }

    /** Runs what has to be done later or again and again. Tasks must be short: there is one thread for all. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /** How many more jobs may be started now. */
    public int freePermits() {
        return permits.availablePermits();
    }

    /**
     * Ends every worker with all it has started: asks first, kills what is still there a moment later. No job can be started
     * any more. Returns when all are gone, after 1.6 seconds at the latest.
     */
    @Override
    public void close() {
        ProcessTreeKiller used;
        synchronized (this) {
            closed = true;
            used = reaper;
        }
        if (used == null || !workerStarted) {
            return;
        }
        running.forEach(job -> job.cancel(false));
        if (!awaitNoneRunning(GRACE_MILLIS)) {
            running.forEach(job -> job.cancel(true));
            awaitNoneRunning(KILL_MILLIS);
        }
        // What ended jobs have left running goes with the server.
        used.killCarriers(cookiePrefix());
    }

    private boolean awaitNoneRunning(long millis) {
        List<Job> waitedFor = List.copyOf(running);
        CountDownLatch ends = new CountDownLatch(waitedFor.size());
        for (Job job : waitedFor) {
            if (!job.onEnd(ends::countDown)) {
                ends.countDown();
            }
        }
        try {
            return ends.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

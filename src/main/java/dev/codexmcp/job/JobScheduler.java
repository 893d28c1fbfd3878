package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.CodexCli.CodexMissingException;
import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.CodexProgram;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.worker.RandomId;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.TooDeepException;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.WorkerEnd;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Starts jobs, as many at a time as there are permits, and ends them all when the server ends.
 *
 * <p>A job takes its permit before its worker starts and gives it back once, when it has ended, however that came about. The
 * order of an end: the worker's streams are drained; the status is set and the last event stands; the permit is back; those
 * who wait for the job are notified. {@code this} guards the permits and who is alive; nothing else is called under it.
 */
public final class JobScheduler implements AutoCloseable {
    /** How long workers may take to end when they are asked to, because the server ends. */
    private static final long GRACE_MILLIS = 600;

    /** How long it may take, once they are killed, until that is known. */
    private static final long KILL_MILLIS = 1000;

    private static final long STARTER_IDLE_SECONDS = 10;

    private static final CodexProgram REHEARSAL_PROGRAM = CodexProgram.plain("/bin/echo");
    private static final JobSpec REHEARSAL = new JobSpec(
            new CodexCommand(
                    List.of("{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"\"}}"), null),
            WorkerOptions.NONE,
            Sandbox.READ_ONLY,
            Optional.empty(),
            Map.of());

    private final JobRegistry registry;
    private final WorkerLauncher launcher;
    private final CodexCli cli;
    private final int permits;
    private final EndSteps afterEnd;
    private final ThreadPoolExecutor starter;

    private final Set<Job> permitHolders = new HashSet<>();
    private final Set<Job> alive = new HashSet<>();
    private boolean admittedAny;
    private boolean closed;

    /** @param permits how many jobs may run at once */
    public JobScheduler(JobRegistry registry, WorkerLauncher launcher, CodexCli cli, int permits) {
        this(registry, launcher, cli, permits, steps -> steps);
    }

    /** @param afterEnd alters what follows a job's end, to let some of it fail */
    JobScheduler(
            JobRegistry registry,
            WorkerLauncher launcher,
            CodexCli cli,
            int permits,
            UnaryOperator<EndSteps.Step[]> afterEnd) {
        if (permits < 1) {
            throw new IllegalArgumentException(permits + " permits");
        }
        this.registry = registry;
        this.launcher = launcher;
        this.cli = cli;
        this.permits = permits;
        this.afterEnd = new EndSteps(afterEnd.apply(new EndSteps.Step[] {
            this::release,
            job -> registry.changed(job, job.status()), // before a wait answers: an overview after it shows the end
            Job::notifyListeners,
            job -> job.output().events().trim()
        }));
        this.starter = new ThreadPoolExecutor(
                1, 1, STARTER_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "starter");
                    thread.setDaemon(true);
                    return thread;
                });
        starter.allowCoreThreadTimeOut(true);
    }

    /**
     * Starts a job, if there is a permit for it.
     *
     * @throws JobException if all permits are taken or the worker can't be started; the permit is then back
     */
    public Job spawn(JobSpec spec) throws JobException {
        Job job = new Job(RandomId.next(), spec, afterEnd);
        admit(job, true);
        try {
            registry.add(job);
            start(job);
        } catch (JobException | RuntimeException | Error e) {
            job.startFailed(); // if it has not been so far: no job may be left of which nobody knows
            registry.forget(job);
            throw e;
        }
        return job;
    }

    /**
     * Starts a worker for a call that waits for its end: without a permit, since its caller is held up as long as it runs,
     * and unknown to the registry. It ends with the server like any other.
     *
     * @throws JobException if the worker can't be started
     */
    public Job run(JobSpec spec) throws JobException {
        Job job = new Job(RandomId.next(), spec, afterEnd);
        admit(job, false);
        start(job);
        return job;
    }

    /** From here on the job has to end: only that gives back what it holds. */
    private synchronized void admit(Job job, boolean needsPermit) throws JobException {
        if (closed) {
            throw new JobException(new JobError.ShuttingDown());
        }
        if (needsPermit && permitHolders.size() >= permits) {
            throw new JobException(new JobError.AllPermitsTaken(permits));
        }
        alive.add(job);
        try {
            if (needsPermit) {
                permitHolders.add(job);
            }
        } catch (OutOfMemoryError e) {
            alive.remove(job);
            throw e;
        }
        admittedAny = true;
    }

    private synchronized void release(Job job) {
        permitHolders.remove(job);
        alive.remove(job);
    }

    /** Finds the program and starts the job's worker. If that fails in any way, the job has ended. */
    private void start(Job job) throws JobException {
        try {
            if (!launch(job, cli.program(), false)) {
                throw new JobException(new JobError.ShuttingDown()); // nobody else knows of the job as yet
            }
        } catch (CodexMissingException e) {
            job.startFailed();
            throw new JobException(new JobError.CliMissing(String.valueOf(e.getMessage())), e);
        } catch (StartException e) {
            throw startFailed(e);
        } catch (RuntimeException | Error e) {
            job.startFailed();
            throw e;
        }
    }

    private static JobException startFailed(StartException e) {
        if (e instanceof TooDeepException deep) {
            return new JobException(new JobError.TooDeep(deep.depth(), deep.limit()), e);
        }
        boolean exhausted = e.getCause() instanceof OutOfMemoryError;
        return new JobException(new JobError.StartFailed(String.valueOf(e.getMessage()), exhausted), e);
    }

    /**
     * Starts the job's worker. Whatever is thrown, the job has ended, and its worker is being killed if there is one.
     *
     * @return false if the job's end has been asked for meanwhile
     */
    private boolean launch(Job job, CodexProgram program, boolean rehearsal) throws StartException {
        Worker worker = null;
        try {
            if (!job.starting(program.path(), System.currentTimeMillis())) {
                return false;
            }
            worker = startWorker(job, program, rehearsal);
            if (job.started(worker)) {
                registry.changed(job, JobStatus.RUNNING);
            }
            return true;
        } catch (StartException | RuntimeException | Error e) {
            job.startFailed();
            kill(worker);
            throw e;
        }
    }

    private Worker startWorker(Job job, CodexProgram program, boolean rehearsal) throws StartException {
        CodexCommand command = job.spec().command();
        Map<String, String> environment = new HashMap<>(program.environment());
        environment.putAll(job.spec().environment());
        WorkerCommand worker = new WorkerCommand(
                job.id(),
                program.path(),
                command.arguments(launcher.cookie(job.id(), WorkerPlace.DEFAULT)),
                program.unset(),
                environment,
                command.stdin(),
                WorkerPlace.DEFAULT);
        WorkerOutput output = job.output();
        return rehearsal
                ? launcher.rehearse(worker, output.events(), output.stderr(), job::exited)
                : launcher.start(worker, output.events(), output.stderr(), new WorkerListener() {
                    @Override
                    public void running(String host) {}

                    @Override
                    public void ended(WorkerEnd end) {
                        job.exited(end instanceof WorkerEnd.Exited exited ? exited.status() : ExitStatus.of(254));
                    }
                });
    }

    private static void kill(@Nullable Worker worker) {
        if (worker != null) {
            try {
                worker.end(true);
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
        }
    }

    /**
     * Does in advance what the first worker would have to wait for: threads, the watchdog, classes. For the classes it runs a
     * job that nobody sees, with a program that only prints a line. Whatever fails here is reported when there is a worker.
     */
    public void warmUp() {
        try {
            launcher.prepare();
            Job job = new Job(RandomId.next(), REHEARSAL, afterEnd);
            launch(job, REHEARSAL_PROGRAM, true);
            cli.program();
        } catch (StartException | CodexMissingException | OutOfMemoryError e) {
            LoggerFactory.getLogger(JobScheduler.class).debug("No worker could be started now", e);
        }
    }

    /** Runs tasks that may start a worker. The timer and the threads that report the end of a worker must not run them. */
    public Executor starter() {
        return starter;
    }

    /** How many permits are taken. */
    synchronized int permitsTaken() {
        return permitHolders.size();
    }

    /** How many jobs may run at once, and how many do. */
    public synchronized Permits permits() {
        return new Permits(permitHolders.size(), permits);
    }

    /**
     * Ends every worker with all it has started: asks first, kills what is still there a moment later. No job can be started
     * any more. Returns when all are gone, after 1.6 seconds at the latest.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (!admittedAny) {
                return;
            }
        }
        if (!endAll(false, GRACE_MILLIS)) {
            endAll(true, KILL_MILLIS);
        }
        launcher.close(); // what ended jobs have left running goes with the server
    }

    /** @return whether all have ended in time */
    private boolean endAll(boolean force, long millis) {
        List<Job> ending;
        synchronized (this) {
            ending = List.copyOf(alive);
        }
        CountDownLatch ends = new CountDownLatch(ending.size());
        for (Job job : ending) {
            if (!job.onEnd(ends::countDown)) {
                ends.countDown();
            }
            try {
                job.shutDown(force);
            } catch (RuntimeException | Error e) {
                Failures.report(e);
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

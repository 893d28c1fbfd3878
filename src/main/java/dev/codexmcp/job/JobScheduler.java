package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.worker.RandomId;
import dev.codexmcp.worker.WorkerLauncher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Starts jobs, as many at a time as there are permits, keeps others waiting, and ends them all when the server ends.
 *
 * <p>A job takes its permit before its worker starts and returns it once, when the job has ended, however it ended. The
 * order of an end: the worker's streams are drained; the last event and the status are set; a hold begins if a limit was
 * reached; the permit is returned; listeners and waiting calls are notified. Jobs that waited for the job or for its permit
 * are started by the {@link QueueDispatcher}.
 */
public final class JobScheduler implements AutoCloseable {
    /** Each may wait for git. */
    private static final int STARTERS = 8;

    private final JobRegistry registry;
    private final WorkerLauncher launcher;
    private final SchedulerConfig config;
    private final LimitHolds holds =
            new LimitHolds(() -> ThreadLocalRandom.current().nextDouble());
    private final TokenLimits tokens;
    private final ThreadClaims threads;
    private final Admission admission;
    private final WorkerStarter workers;
    private final QueueDispatcher queue;
    private final EndSteps afterEnd;
    private final Executor starter;

    /** @param timer ends jobs that take too long */
    public JobScheduler(
            JobRegistry registry,
            WorkerLauncher launcher,
            CodexCli cli,
            SchedulerConfig config,
            ScheduledExecutorService timer) {
        this(registry, launcher, cli, config, timer, steps -> steps);
    }

    /** @param afterEnd alters the steps after a job's end, to let some of them fail */
    JobScheduler(
            JobRegistry registry,
            WorkerLauncher launcher,
            CodexCli cli,
            SchedulerConfig config,
            ScheduledExecutorService timer,
            UnaryOperator<EndSteps.Step[]> afterEnd) {
        this.registry = registry;
        this.launcher = launcher;
        this.config = config;
        this.threads = new ThreadClaims(registry);
        this.tokens = new TokenLimits(config.tokens(), () -> limitChanged());
        this.admission = new Admission(config, registry, new Admission.Limit() {
            @Override
            public long heldMillis() {
                return holds.leftMillis(System.currentTimeMillis());
            }

            @Override
            public boolean tokensUsedUp() {
                return tokens.usedUp();
            }
        });
        LimitedEnds limitedEnds = new LimitedEnds(holds, admission, registry);
        TimeLimits timeLimits = new TimeLimits(timer);
        StartArguments startArguments = new StartArguments(launcher, config.stateFolder());
        this.workers = new WorkerStarter(
                launcher,
                cli,
                startArguments,
                tokens::watch,
                job -> {
                    registry.changed(job, JobStatus.RUNNING);
                    timeLimits.watch(job);
                },
                job -> {
                    threads.started(job);
                    registry.threadStarted(job);
                },
                limitedEnds::exited);
        this.afterEnd = new EndSteps(afterEnd.apply(new EndSteps.Step[] {
            limitedEnds::ended, // before the permit is back: else the next job could start into the limit
            admission::ended,
            job -> registry.changed(job, job.status()), // before a wait answers: an overview after it shows the end
            Job::notifyListeners,
            job -> job.output().events().trim()
        }));
        this.starter = DaemonThreads.pool("starter", STARTERS);
        this.queue = new QueueDispatcher(admission, workers, tokens::usedUpNow, starter);
    }

    /** Sets what prepares the places of isolated jobs. */
    public void use(Workplaces places) {
        workers.use(places);
    }

    /** The scheduling of calls that leave its options out. */
    public Scheduling defaults() {
        return config.defaults();
    }

    /** The options of workers whose calls leave them out. */
    public WorkerOptions defaultOptions() {
        return config.options();
    }

    /**
     * Starts a job if it may start now, or puts it into the queue if it may wait: then it is {@code QUEUED}.
     *
     * @throws JobException if it may not wait and no permit is free, if the queue is full, if it depends on an unknown job, if
     *     the fleet has used up its tokens, if another job uses its thread, or if the worker can't be started; then no permit is taken
     */
    public Job spawn(JobSpec spec) throws JobException {
        return spawn(spec, null);
    }

    /** As {@link #spawn(JobSpec)}, for a job that continues the work of another, whose permit it gets if that one has ended. */
    public Job spawn(JobSpec spec, @Nullable Job predecessor) throws JobException {
        Optional<String> where = spec.scheduling().launcher();
        if (where.isPresent() && !launcher.names().contains(where.get())) {
            throw new JobException(new JobError.UnknownLauncher(where.get(), launcher.names()));
        }
        List<Job> dependencies = dependencies(spec);
        tokens.usedUpNow(); // what ended jobs have used counts at once
        if (spec.scheduling().mayWait() || spec.scheduling().retries() > 0) {
            queue.prepare();
        }
        Job job = new Job(RandomId.next(), spec, afterEnd);
        threads.claim(job);
        boolean starts;
        try {
            starts = admission.admit(job, dependencies, predecessor);
        } catch (JobException | RuntimeException | Error e) {
            threads.release(job);
            throw e;
        }
        if (!starts) {
            registry.changed(job, JobStatus.QUEUED);
            return job;
        }
        try {
            registry.add(job);
            if (!workers.start(job)
                    && job.snapshot().cause().filter(EndCause.SHUTDOWN::equals).isPresent()) {
                throw new JobException(new JobError.ShuttingDown()); // else it was canceled meanwhile
            }
        } catch (JobException | RuntimeException | Error e) {
            job.startFailed(e); // unless it has failed already: no job may remain that nobody knows
            registry.forget(job);
            throw e;
        }
        return job;
    }

    private List<Job> dependencies(JobSpec spec) throws JobException {
        List<Job> jobs = new ArrayList<>();
        for (String id : spec.scheduling().dependsOn()) {
            Job job = registry.get(id);
            if (job == null) {
                throw new JobException(new JobError.UnknownDependency(id));
            }
            jobs.add(job);
        }
        return jobs;
    }

    /**
     * Starts a worker for a call that waits for its end. It takes no permit, since its caller is blocked while it runs, and is
     * not in the registry. It ends with the server like any other.
     *
     * @throws JobException if the worker can't be started
     */
    public Job run(JobSpec spec) throws JobException {
        tokens.usedUpNow();
        Job job = new Job(RandomId.next(), spec, afterEnd);
        threads.claim(job);
        try {
            admission.admitFree(job);
        } catch (JobException | RuntimeException | Error e) {
            threads.release(job);
            throw e;
        }
        if (!workers.start(job)) {
            throw new JobException(new JobError.ShuttingDown());
        }
        return job;
    }

    /** Makes a job of {@link #run} one that clients may know, since its call ends before it. It counts against the permits. */
    public void adopt(Job job) {
        admission.adopt(job);
        registry.put(job);
        if (job.output().threadId().isPresent()) {
            registry.threadStarted(job); // before the end: a journal must not take an ended job for one that runs
        }
        registry.changed(job, job.status());
    }

    /** Replaces what a queued job is to run; it keeps its position. Returns false if it is not queued any more. */
    public boolean replace(Job job, JobSpec spec) {
        return admission.replace(job, spec);
    }

    /**
     * Asks a job to end so that another can continue its work. Until it is known which, its permit and its dependents wait.
     * The first caller must report {@linkplain #succeededBy the outcome}.
     *
     * @return false if the job has ended or been interrupted already
     */
    public boolean interrupt(Job job) {
        boolean first = admission.interrupted(job);
        if (first) {
            job.cancel(false);
        }
        return first;
    }

    /** Reports which job continues the work of an interrupted one; only the first report counts. */
    public void succeededBy(Job old, Optional<Job> heir) {
        try {
            admission.succeeded(old, heir.orElse(null));
        } finally {
            old.succession().complete(heir.map(Job::id));
        }
    }

    private void limitChanged() {
        admission.limitChanged();
    }

    /** The current hold, during which no queued job starts. */
    public Optional<Hold> hold() {
        return holds.at(System.currentTimeMillis());
    }

    /** When there were holds, oldest first; the latest ones only. */
    public List<HeldTime> heldTimes() {
        return holds.times();
    }

    /** The running jobs that have declared paths which this one has declared, too. */
    public List<Job> meeting(Job job) {
        return admission.meeting(job);
    }

    /** What a queued job waits for; empty if it is not queued. */
    public Optional<QueueReason> waitsFor(Job job) {
        return admission
                .waitsFor(job)
                .or(() -> job.pendingReason().map(QueueReason.Engine::new))
                .or(() -> job.status() == JobStatus.QUEUED ? Optional.of(new QueueReason.Start()) : Optional.empty());
    }

    /** Whether the launcher of this name, or the default if there is none, runs workers on this machine as they are. */
    public boolean runsHere(Optional<String> launcherName) {
        return (launcherName.isPresent() && !launcher.names().contains(launcherName.get()))
                || launcher.runsHere(launcherName); // a wrong name is refused later
    }

    /** How many jobs may run at once, and how many do. */
    public Permits permits() {
        return new Permits(permitsTaken(), config.jobs());
    }

    /** Prepares everything that the first worker would have to wait for. Fails silently. */
    public void warmUp() {
        workers.warmUp(afterEnd);
    }

    /** Runs tasks that may start a worker. The timer and the threads that report the end of a worker must not run them. */
    public Executor starter() {
        return starter;
    }

    /** How many permits are taken. */
    int permitsTaken() {
        return admission.permitsTaken();
    }

    /**
     * Ends all workers and everything they have started: asks first, and kills what is left a moment later. From now on no job
     * starts, and queued jobs end immediately. Returns when all are gone; waits
     * 1.6 seconds for that at most.
     */
    @Override
    public void close() {
        if (admission.close()) {
            new Shutdown(admission).run();
        }
        launcher.close(); // what ended jobs have left running goes with the server
    }
}

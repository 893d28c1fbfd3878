package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.CodexCli.CodexMissingException;
import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.CodexProgram;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.LauncherException;
import dev.codexmcp.worker.RandomId;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.TooDeepException;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerEnd;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Starts the workers of jobs. */
final class WorkerStarter {
    private static final CodexProgram REHEARSAL_PROGRAM = CodexProgram.plain("/bin/echo");
    private static final JobSpec REHEARSAL = new JobSpec(
            new CodexCommand(
                    List.of("{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"\"}}"), null),
            WorkerOptions.NONE,
            Sandbox.READ_ONLY,
            Optional.empty(),
            Map.of());

    private final WorkerLauncher launcher;
    private final CodexCli cli;
    private final StartArguments startArguments;
    private final Consumer<Job> beforeStart;
    private final Consumer<Job> onRunning;
    private final Consumer<Job> onThread;
    private final BiConsumer<Job, ExitStatus> onExit;

    /** Set before there are isolated jobs. */
    private volatile @Nullable Workplaces workplaces;

    /**
     * @param beforeStart run when a job's worker is about to be started
     * @param onRunning run when a worker has been started that has not ended yet
     * @param onThread run when a worker has named its thread
     * @param onExit run when a worker has exited
     */
    WorkerStarter(
            WorkerLauncher launcher,
            CodexCli cli,
            StartArguments startArguments,
            Consumer<Job> beforeStart,
            Consumer<Job> onRunning,
            Consumer<Job> onThread,
            BiConsumer<Job, ExitStatus> onExit) {
        this.launcher = launcher;
        this.cli = cli;
        this.startArguments = startArguments;
        this.beforeStart = beforeStart;
        this.onRunning = onRunning;
        this.onThread = onThread;
        this.onExit = onExit;
    }

    /**
     * Finds the program and starts the job's worker. Whatever is thrown, the job has ended.
     *
     * @return false if the job's end has been asked for meanwhile
     */
    boolean start(Job job) throws JobException {
        try {
            CodexProgram program = cli.program();
            beforeStart.accept(job);
            return launch(job, program, false);
        } catch (CodexMissingException e) {
            job.startFailed(e);
            throw new JobException(new JobError.CliMissing(String.valueOf(e.getMessage())), e);
        } catch (StartException e) {
            throw new JobException(error(e), e);
        } catch (RuntimeException | Error e) {
            job.startFailed(e);
            throw e;
        }
    }

    void use(Workplaces places) {
        workplaces = places;
    }

    private static JobError error(StartException e) {
        if (e instanceof WorkplaceException) {
            return new JobError.NoWorktree(String.valueOf(e.getMessage()));
        }
        if (e instanceof TooDeepException deep) {
            return new JobError.TooDeep(deep.depth(), deep.limit());
        }
        JobError.StartFailed.Cause cause = e instanceof LauncherException
                ? JobError.StartFailed.Cause.LAUNCHER
                : e.getCause() instanceof OutOfMemoryError
                        ? JobError.StartFailed.Cause.EXHAUSTED
                        : JobError.StartFailed.Cause.WORKER;
        return new JobError.StartFailed(String.valueOf(e.getMessage()), cause);
    }

    /**
     * Starts the job's worker. Whatever is thrown, the job has ended, and its worker is being killed if there is one.
     *
     * @return false if the job's end has been asked for meanwhile
     */
    private boolean launch(Job job, CodexProgram program, boolean rehearsal) throws StartException {
        Worker worker = null;
        try {
            if (job.spec().place().isolated() && !isolate(job)) {
                return false;
            }
            List<String> atStart = startArguments.of(job.spec(), program);
            boolean here = rehearsal || launcher.runsHere(place(job).launcher());
            if (!(here ? job.starting(program.path(), System.currentTimeMillis()) : job.submitting(program.path()))) {
                return false;
            }
            int attempt = job.attempts().number();
            worker = startWorker(job, program, atStart, rehearsal);
            if (job.started(worker, attempt)) {
                onRunning.accept(job);
            }
            return true;
        } catch (StartException | RuntimeException | Error e) {
            job.startFailed(e);
            kill(worker);
            throw e;
        }
    }

    /** Returns false if the job's end has been asked for meanwhile. */
    private boolean isolate(Job job) throws WorkplaceException {
        Workplaces places = workplaces;
        if (places == null) {
            throw new IllegalStateException("nothing prepares places for isolated jobs");
        }
        JobSpec prepared = places.prepare(job);
        if (job.replace(prepared)) {
            return true;
        }
        places.unused(job, prepared);
        return false;
    }

    private Worker startWorker(Job job, CodexProgram program, List<String> atStart, boolean rehearsal)
            throws StartException {
        CodexCommand command = job.spec().command();
        WorkerPlace place = place(job);
        Map<String, String> environment = new HashMap<>(program.environment());
        environment.putAll(job.spec().environment());
        WorkerCommand worker = new WorkerCommand(
                job.id(),
                program.path(),
                command.arguments(launcher.cookie(job.id(), place), atStart),
                program.unset(),
                environment,
                command.stdin(),
                place);
        WorkerOutput output = job.output();
        return rehearsal
                ? launcher.rehearse(worker, output.events(), output.stderr(), job::exited)
                : launcher.start(
                        worker,
                        new ThreadWatch(output.events(), () -> onThread.accept(job)),
                        output.stderr(),
                        new WorkerListener() {
                            @Override
                            public void running(Optional<String> host) {
                                if (job.runsOn(host, System.currentTimeMillis())) {
                                    onRunning.accept(job);
                                }
                            }

                            @Override
                            public void ended(WorkerEnd end) {
                                if (end instanceof ExitStatus how) {
                                    onExit.accept(job, how);
                                } else {
                                    job.endedElsewhere(end);
                                }
                            }
                        });
    }

    private static WorkerPlace place(Job job) {
        return new WorkerPlace(
                job.spec().scheduling().launcher(),
                job.spec().options().workingDirectory().orElse(""),
                job.spec().label());
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
    void warmUp(EndSteps afterEnd) {
        try {
            launcher.prepare();
            Job job = new Job(RandomId.next(), REHEARSAL, afterEnd);
            launch(job, REHEARSAL_PROGRAM, true);
            cli.program();
        } catch (StartException | CodexMissingException | OutOfMemoryError e) {
            LoggerFactory.getLogger(WorkerStarter.class).debug("No worker could be started now", e);
        }
    }
}

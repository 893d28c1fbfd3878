package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.changes.ChangeSettings;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.log.FakeLogs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry of jobs without processes, which change as a test wants. */
public final class FakeFleet {
    private final JobRegistry registry = new JobRegistry();

    public JobRegistry registry() {
        return registry;
    }

    /** What is known of the changes of these jobs: only their patches. */
    public Changes changes() {
        return new Changes(
                new ChangeSettings(Optional.of("This test takes no snapshots"), Path.of("/nowhere"), Map.of()));
    }

    /** A scheduler that has started none of these jobs. */
    public JobScheduler scheduler() {
        return new JobScheduler(
                registry,
                new FakeLauncher(),
                new CodexCli(Optional.of("/bin/sh"), ""),
                SchedulerConfig.of(1),
                JobTimer.create());
    }

    /** A job that waits for its start. */
    public Job queued(String id, Optional<String> label) {
        return queued(id, WorkerlessJobs.spec(label));
    }

    private Job queued(String id, JobSpec spec) {
        Job job =
                new Job(id, spec, new EndSteps(ended -> registry.changed(ended, ended.status()), Job::notifyListeners));
        registry.add(job);
        return job;
    }

    /** A job that runs. */
    public Job running(String id) {
        return running(id, Optional.empty());
    }

    public Job running(String id, Optional<String> label) {
        Job job = queued(id, label);
        start(job);
        return job;
    }

    /** A job that runs in this directory and may write. */
    public Job writing(String id, Path directory) {
        return writing(id, directory, Optional.empty());
    }

    public Job writing(String id, Path directory, Optional<String> label) {
        WorkerOptions options = new WorkerOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.of(Sandbox.WORKSPACE_WRITE),
                Optional.empty(),
                Optional.of(directory.toString()));
        CodexCommand command = CodexCommand.exec("do it", options, Sandbox.WORKSPACE_WRITE);
        Job job = queued(id, new JobSpec(command, options, Sandbox.WORKSPACE_WRITE, label, Map.of()));
        start(job);
        return job;
    }

    /** A job that runs in a git worktree of its own. */
    public Job isolated(String id, Path directory, Workplaces places) throws WorkplaceException {
        WorkerOptions options = new WorkerOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.of(Sandbox.WORKSPACE_WRITE),
                Optional.empty(),
                Optional.of(directory.toString()));
        CodexCommand command = CodexCommand.exec("do it", options, Sandbox.WORKSPACE_WRITE);
        JobSpec spec = new JobSpec(command, options, Sandbox.WORKSPACE_WRITE, Optional.of(id), Map.of());
        return isolated(id, spec.at(new Place(true, Optional.empty(), List.of())), places);
    }

    /** The same for a job with this spec, such as that of a job before. */
    public Job isolated(String id, JobSpec spec, Workplaces places) throws WorkplaceException {
        Job job = queued(id, spec);
        job.replace(places.prepare(job));
        start(job);
        return job;
    }

    public void start(Job job) {
        job.starting("/bin/codex", System.currentTimeMillis());
        job.started(force -> {}, 1);
        registry.changed(job, JobStatus.RUNNING);
    }

    /** The job's worker prints an agent message. */
    public static void message(Job job, String text) {
        print(job, FakeLogs.message(text));
    }

    /** The job's worker prints this. */
    public static void print(Job job, String line) {
        FakeLogs.say(job.output().events(), line.getBytes(StandardCharsets.UTF_8));
    }

    /** The job's worker ends well. */
    public static void end(Job job) {
        job.exited(WorkerlessJobs.EXIT_0);
    }

    public static void fail(Job job) {
        job.exited(WorkerlessJobs.EXIT_1);
    }

    /** The job could not be started. */
    public void refuse(Job job) {
        job.startFailed(new IllegalStateException("no start"));
        registry.forget(job);
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Continuation;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Starts a worker that resumes or forks the thread of an ended job. */
final class FollowupTool implements Tool {
    private static final Parameter<Boolean> FORK =
            Parameter.flag("fork", "Begin a new thread with the old one's history.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_followup",
            "Go on with a thread",
            "Start a worker that knows all that an ended one knew: it resumes, or forks, the thread of a job. Takes the options of "
                    + "codex_spawn too; by default those of the old job.",
            ToolAnnotations.DELEGATES,
            List.of(
                    ThreadArguments.JOB_ID,
                    ThreadArguments.THREAD_ID,
                    WorkerParameters.PROMPT.withDescription("What to do next."),
                    FORK),
            Stream.concat(
                            JobParameters.SPAWNED.stream(),
                            Stream.of(
                                    Parameter.text("parentJobId", "The job before."),
                                    Parameter.text("threadId", "Unless forked.")))
                    .<Parameter<?>>map(field -> field)
                    .toList(),
            ExecutionModel.STARTS_WORKERS);

    private final JobScheduler scheduler;
    private final Sandbox defaultSandbox;
    private final ThreadArguments threads;

    FollowupTool(JobRegistry jobs, JobScheduler scheduler, Sandbox defaultSandbox) {
        this.scheduler = scheduler;
        this.defaultSandbox = defaultSandbox;
        this.threads = new ThreadArguments(jobs, scheduler);
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        String prompt = arguments.required(WorkerParameters.PROMPT);
        WorkerParameters.checkPrompt(WorkerParameters.PROMPT.name(), prompt);
        boolean fork = arguments.orElse(FORK, false);
        PastWork past = threads.read(arguments, fork);
        Optional<String> label = arguments.optional(WorkerParameters.LABEL).or(past::label);
        Scheduling scheduling = SchedulingParameters.scheduling(arguments, past.scheduling());
        WorkerOptions options =
                WorkerParameters.options(arguments, past.options(), scheduler.runsHere(scheduling.launcher()));
        JobSpec spec = WorkerParameters.job(
                        prompt,
                        options,
                        label,
                        defaultSandbox,
                        scheduling,
                        new Continuation(past.threadId(), fork, past.jobId()))
                .at(PlaceParameters.place(arguments, options.workingDirectory(), past.place()))
                .by(caller.boss());
        Job job = scheduler.spawn(spec);
        List<Job> meeting = job.position() > 0 ? List.of() : scheduler.meeting(job);
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            SpawnTool.writeSpawned(json, job);
            if (past.jobId().isPresent()) {
                json.writeStringField("parentJobId", past.jobId().get());
            }
            if (!fork) {
                json.writeStringField("threadId", past.threadId());
            }
            DeclaredOverlaps.write(json, job, meeting);
            json.writeEndObject();
        }));
    }
}

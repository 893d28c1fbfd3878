package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** Returns the help of the Codex CLI. */
final class HelpTool implements Tool {
    private static final String JOBS = "jobs";

    private static final Parameter<String> TOPIC =
            Parameter.word("topic", List.of("codex", JOBS), "jobs: of this server's tools for jobs.");

    private static final String JOBS_HELP = """
            codex_spawn starts a worker in the background, codex_spawn_group several. queue lets them wait for a permit or, with \
            dependsOn, for other jobs; retries lets them continue after a rate limit.
            codex_wait returns the final messages of those that have ended, each once. codex_list shows all jobs.
            codex_list with mine shows only the jobs that the calling conversation started: Codex names its thread in each \
            call, and each job remembers it. A host that names none has one conversation, whose jobs are all that were \
            started without a name. Jobs of another conversation through the same server are not yours: leave them alone.
            codex_followup continues the thread of an ended job, or forks it, even after a restart of the server. \
            codex_interrupt redirects a running one; keepContext resumes its thread.
            codex_events and codex_result show what a worker did and said, codex_changes which files it changed.
            codex_cancel ends workers and everything they started.""";

    private static final ToolSpecification SPEC = new ToolSpecification(
            "help",
            "Help of the Codex CLI",
            "Show what \"codex --help\" prints.",
            ToolAnnotations.LOOKS,
            List.of(TOPIC),
            ExecutionModel.STARTS_WORKERS);

    private final JobScheduler scheduler;
    private final ScheduledExecutorService timer;

    HelpTool(JobScheduler scheduler, ScheduledExecutorService timer) {
        this.scheduler = scheduler;
        this.timer = timer;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        if (arguments.optional(TOPIC).equals(Optional.of(JOBS))) {
            return CompletableFuture.completedFuture(new ToolResult.Text(JOBS_HELP));
        }
        JobSpec spec = new JobSpec(
                        CodexCommand.help(), WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of())
                .with(Scheduling.HERE);
        return BlockingRun.start(scheduler, timer, spec, caller, job -> {
                    if (job.snapshot().status() != JobStatus.DONE) {
                        throw new ToolFailedException("\"codex --help\" failed: "
                                + job.output().stderrTail().strip());
                    }
                    return new ToolResult.Text(job.output().stdoutTail().strip());
                })
                .answer();
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.ReviewTarget;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
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

/** Makes Codex review changes in a git repository, and waits for its findings. */
final class ReviewTool implements Tool {
    private static final Parameter<String> PROMPT =
            Parameter.argument("prompt", "What to look at; may stand beside a target.");
    private static final Parameter<Boolean> UNCOMMITTED =
            Parameter.flag("uncommitted", "Staged, unstaged and untracked changes: the default without a prompt.");
    private static final Parameter<String> BASE = Parameter.argument("base", "The changes against this branch.");
    private static final Parameter<String> COMMIT = Parameter.argument("commit", "What this commit introduces.");
    private static final Parameter<String> TITLE =
            Parameter.argument("title", "For the summary, with commit or prompt.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "review",
            "Review changes",
            "Have Codex review changes in a git repository, and wait for its findings. One target: uncommitted, base or "
                    + "commit.",
            new ToolAnnotations(true, false, true, true),
            List.of(
                    PROMPT,
                    UNCOMMITTED,
                    BASE,
                    COMMIT,
                    TITLE,
                    WorkerParameters.MODEL.withoutDescription(),
                    WorkerParameters.WORKING_DIRECTORY.withoutDescription()),
            ExecutionModel.STARTS_WORKERS);

    private final JobScheduler scheduler;
    private final ScheduledExecutorService timer;

    ReviewTool(JobScheduler scheduler, ScheduledExecutorService timer) {
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
        ReviewTarget target = new ReviewTarget(
                arguments.optional(PROMPT).filter(prompt -> !prompt.isBlank()),
                arguments.orElse(UNCOMMITTED, false),
                arguments.optional(BASE),
                arguments.optional(COMMIT),
                arguments.optional(TITLE));
        if (target.named() > 1) {
            throw new BadArgumentException(
                    "\"uncommitted\", \"base\" and \"commit\" exclude each other: give only one.");
        }
        WorkerOptions options = WorkerParameters.options(arguments, scheduler.runsHere(Optional.empty()))
                .or(WorkerParameters.defaults(scheduler, caller, WorkerParameters.isFolderWanted(arguments)));
        CodexCommand command = CodexCommand.review(target, options);
        JobSpec spec = new JobSpec(command, options, Sandbox.READ_ONLY, Optional.empty(), Map.of());
        return BlockingRun.start(
                        scheduler, timer, spec, caller, job -> new ToolResult.Text(BlockingRun.finalMessage(job)))
                .answer();
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.ExecutionModel;
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
    private static final ToolSpecification SPEC = new ToolSpecification(
            "help",
            "Help of the Codex CLI",
            "Show what \"codex --help\" prints.",
            ToolAnnotations.LOOKS,
            List.of(),
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
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws JobException {
        JobSpec spec =
                new JobSpec(CodexCommand.help(), WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of());
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

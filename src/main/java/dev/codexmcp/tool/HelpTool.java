package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
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

/** Shows the help of the Codex CLI. */
final class HelpTool implements Tool {
    private static final ToolSpecification SPEC = new ToolSpecification(
            "help",
            "Help of the Codex CLI",
            "Show what \"codex --help\" prints.",
            ToolAnnotations.LOOKS,
            List.of(),
            ExecutionModel.STARTS_WORKERS);

    private final JobRegistry registry;

    HelpTool(JobRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, ProgressListener progress) throws JobException {
        JobSpec spec =
                new JobSpec(CodexCommand.help(), "", WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of());
        return BlockingRun.start(registry, spec, progress, job -> {
                    if (job.snapshot().status() != JobStatus.DONE) {
                        throw new JobException(
                                "\"codex --help\" failed: " + job.stderrTail().strip());
                    }
                    return new ToolResult.Text(job.stdoutTail().strip());
                })
                .answer();
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Shows the help of the Codex CLI. */
final class HelpTool implements Tool {
    private static final ToolSpec SPEC = new ToolSpec(
            "help",
            "Help of the Codex CLI",
            "Show what \"codex --help\" prints.",
            Hints.LOOKS,
            List.of(),
            Pace.STARTS_WORKERS);

    private final JobRegistry registry;

    HelpTool(JobRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments, Progress progress) throws JobException {
        JobSpec spec =
                new JobSpec(CodexCommand.help(), "", WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of());
        return Turn.answer(Turn.run(registry, spec, progress), job -> {
            if (job.snapshot().status() != JobStatus.DONE) {
                throw new JobException(
                        "\"codex --help\" failed: " + job.stderrTail().strip());
            }
            return new ToolAnswer.Text(job.stdoutTail().strip());
        });
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tells where a job stands. */
final class StatusTool implements Tool {
    private static final ToolSpec SPEC = new ToolSpec(
            "codex_status",
            "Status of a job",
            "See whether a job is running, done, failed or canceled, since when, and its exit code. To wait for an end use "
                    + "codex_wait_any; for the answer codex_result.",
            Hints.LOOKS,
            List.of(JobFields.JOB_ID),
            JobFields.SNAPSHOT,
            Pace.QUICK);

    private final JobRegistry registry;

    StatusTool(JobRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments, Progress progress)
            throws BadArgumentException, JobException {
        return CompletableFuture.completedFuture(new ToolAnswer.Json(
                registry.find(arguments.required(JobFields.JOB_ID)).snapshot().asJson()));
    }
}

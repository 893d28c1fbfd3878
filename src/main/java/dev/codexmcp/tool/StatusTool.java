package dev.codexmcp.tool;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobFields;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Returns the status of a job. */
final class StatusTool implements Tool {
    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_status",
            "Status of a job",
            "See whether a job is running, done, failed or canceled, with times and exit code. To wait, codex_wait_any; for "
                    + "the answer, codex_result.",
            ToolAnnotations.LOOKS,
            List.of(JobParameters.JOB_ID),
            JobParameters.SNAPSHOT,
            ExecutionModel.QUICK);

    private final JobRegistry jobs;

    StatusTool(JobRegistry jobs) {
        this.jobs = jobs;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        Job job = jobs.find(arguments.required(JobParameters.JOB_ID));
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            JobFields.write(json, job);
            json.writeEndObject();
        }));
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends a worker with all it has started. */
final class CancelTool implements Tool {
    private static final Parameter<Boolean> FORCE = Parameter.flag("force", "SIGKILL at once, not SIGTERM first.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_cancel",
            "Cancel a job",
            "End a running worker and every process it started. Does not wait: codex_wait_any does. Files may be half written: "
                    + "check them. success false: it was not running any more.",
            ToolAnnotations.ENDS,
            List.of(JobParameters.JOB_ID, FORCE),
            List.of(Parameter.flag("success", "false: the job was not running any more.")
                    .required()),
            ExecutionModel.QUICK);

    private final JobRegistry jobs;

    CancelTool(JobRegistry jobs) {
        this.jobs = jobs;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, ProgressListener progress)
            throws BadArgumentException, JobException {
        boolean force = arguments.orElse(FORCE, false);
        boolean success = jobs.find(arguments.required(JobParameters.JOB_ID)).cancel(force);
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            json.writeBooleanField("success", success);
            json.writeEndObject();
        }));
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends a worker with all it has started. */
final class CancelTool implements Tool {
    private static final Field<Boolean> FORCE = Field.flag(
            "force",
            "true kills at once (SIGKILL); else the worker is asked to end (SIGTERM), and what it leaves is killed.");

    private static final ToolSpec SPEC = new ToolSpec(
            "codex_cancel",
            "Cancel a job",
            "End a running worker and every process it started. Answers at once; codex_wait_any tells when it has ended. "
                    + "Files may be half written: check them. success false: the job was not running any more.",
            Hints.ENDS,
            List.of(JobFields.JOB_ID, FORCE),
            List.of(Field.flag("success", "false: the job was not running any more.")
                    .required()),
            Pace.QUICK);

    private final JobRegistry registry;

    CancelTool(JobRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments, Progress progress)
            throws BadArgumentException, JobException {
        boolean force = arguments.orElse(FORCE, false);
        boolean success = registry.find(arguments.required(JobFields.JOB_ID)).cancel(force);
        return CompletableFuture.completedFuture(new ToolAnswer.Json(json -> {
            json.writeStartObject();
            json.writeBooleanField("success", success);
            json.writeEndObject();
        }));
    }
}

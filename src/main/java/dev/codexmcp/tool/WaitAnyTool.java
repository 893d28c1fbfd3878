package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.WaitAny;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** Waits until the first of several jobs ends. */
final class WaitAnyTool implements Tool {
    private static final Parameter<List<String>> JOB_IDS =
            Parameter.texts("jobIds", 1, "Leave out jobs that have ended.").required();
    private static final Parameter<Integer> TIMEOUT_MS = Parameter.integer("timeoutMs", 0, 300_000, 0, "0 just looks.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_wait_any",
            "Wait for a job to end",
            "Wait until the first of these jobs ends, or the time is up. Then codex_result for completedJobId, and wait for "
                    + "the others. timedOut: all still run.",
            ToolAnnotations.WATCHES,
            List.of(JOB_IDS, TIMEOUT_MS),
            List.of(
                    Parameter.text("completedJobId", "The job that has ended; null: none.")
                            .nullable("string")
                            .required(),
                    Parameter.flag("timedOut", "Whether the time was up first.").required(),
                    CappedWait.FIELDS.get(0),
                    CappedWait.FIELDS.get(1),
                    Parameter.texts("missingJobIds", 0, "Ids that name no job.")),
            ExecutionModel.QUICK);

    private final JobRegistry jobs;
    private final ScheduledExecutorService timer;

    WaitAnyTool(JobRegistry jobs, ScheduledExecutorService timer) {
        this.jobs = jobs;
        this.timer = timer;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws BadArgumentException {
        CappedWait time = CappedWait.of(arguments.orElse(TIMEOUT_MS, 0), caller);
        WaitAny wait = WaitAny.start(jobs, arguments.required(JOB_IDS), time.millis(), timer);
        arguments.release();
        WaitReports.start(
                wait,
                () -> "waiting for " + wait.running() + " of " + wait.asked() + " jobs",
                caller.progress(),
                timer);
        CompletableFuture<ToolResult> answer =
                wait.thenApply(outcome -> new ToolResult.Json(json -> write(json, outcome, time)));
        answer.whenComplete((done, failure) -> {
            if (failure != null) {
                wait.cancel(false);
            }
        });
        return answer; // itself, not what whenComplete returns: cancelling that would not reach it
    }

    private static void write(JsonGenerator json, WaitAny.Outcome outcome, CappedWait time) throws IOException {
        json.writeStartObject();
        json.writeStringField("completedJobId", outcome.completedJobId().orElse(null));
        json.writeBooleanField("timedOut", outcome.timedOut());
        time.writeReason(json, outcome.timedOut());
        if (!outcome.missingJobIds().isEmpty()) {
            json.writeArrayFieldStart("missingJobIds");
            for (String id : outcome.missingJobIds()) {
                json.writeString(id);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}

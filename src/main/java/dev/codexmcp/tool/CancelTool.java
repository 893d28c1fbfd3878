package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.job.fleet.LabelPattern;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Ends workers and every process they started. */
final class CancelTool implements Tool {
    private static final Parameter<String> JOB_ID = Parameter.text("jobId", "The job's id, from codex_spawn.");
    private static final Parameter<List<String>> JOB_IDS = Parameter.texts("jobIds", 1, "Several at once.");
    private static final Parameter<Boolean> FORCE = Parameter.flag("force", "SIGKILL at once, not SIGTERM first.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_cancel",
            "Cancel a job",
            "End a running worker and every process it started; several with jobIds or label. Does not wait. Files may be half "
                    + "written: check them. success false: it was not running any more.",
            ToolAnnotations.ENDS,
            List.of(JOB_ID, JOB_IDS, FleetParameters.LABEL, FORCE),
            List.of(
                    Parameter.flag("success", "false: the job was not running any more."),
                    Parameter.texts("canceled", 0, "Of several: those whose end was asked for."),
                    Parameter.texts("notRunning", 0, "Of several: those that had ended.")),
            ExecutionModel.QUICK);

    private final JobRegistry jobs;
    private final Fleet fleet;

    CancelTool(JobRegistry jobs, Fleet fleet) {
        this.jobs = jobs;
        this.fleet = fleet;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        boolean force = arguments.orElse(FORCE, false);
        Optional<String> one = arguments.optional(JOB_ID);
        Optional<List<String>> several = arguments.optional(JOB_IDS);
        Optional<LabelPattern> label = FleetParameters.label(arguments);
        if (Stream.of(one, several, label).filter(Optional::isPresent).count() > 1) {
            throw new BadArgumentException("\"jobId\", \"jobIds\" and \"label\" exclude each other: give one of them.");
        }
        if (label.isPresent()) {
            return answer(fleet.unended(label.get()), force);
        }
        if (several.isPresent()) {
            List<Job> named = new ArrayList<>();
            for (String id : new LinkedHashSet<>(several.get())) {
                named.add(jobs.find(id));
            }
            return answer(named, force);
        }
        boolean success = jobs.find(arguments.required(JOB_ID)).cancel(force);
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            json.writeBooleanField("success", success);
            json.writeEndObject();
        }));
    }

    private static CompletableFuture<ToolResult> answer(List<Job> named, boolean force) {
        List<String> canceled = new ArrayList<>();
        List<String> notRunning = new ArrayList<>();
        for (Job job : named) {
            (job.cancel(force) ? canceled : notRunning).add(job.id());
        }
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            writeIds(json, "canceled", canceled);
            writeIds(json, "notRunning", notRunning);
            json.writeEndObject();
        }));
    }

    private static void writeIds(JsonGenerator json, String name, List<String> ids) throws IOException {
        json.writeArrayFieldStart(name);
        for (String id : ids) {
            json.writeString(id);
        }
        json.writeEndArray();
    }
}

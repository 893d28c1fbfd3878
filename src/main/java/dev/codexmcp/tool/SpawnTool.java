package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobFields;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.Place;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Starts a worker and answers immediately. */
final class SpawnTool implements Tool {
    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_spawn",
            "Start a Codex worker",
            "Start a Codex worker in the background; answers at once with its jobId. Several work side by side. Then: "
                    + "codex_wait_any until one ends, codex_result for its answer, codex_events to look in, codex_cancel to "
                    + "end it.",
            ToolAnnotations.DELEGATES,
            WorkerParameters.ALL_AND_SCHEDULING,
            JobParameters.SPAWNED,
            ExecutionModel.STARTS_WORKERS);

    private final JobScheduler scheduler;
    private final Sandbox defaultSandbox;

    SpawnTool(JobScheduler scheduler, Sandbox defaultSandbox) {
        this.scheduler = scheduler;
        this.defaultSandbox = defaultSandbox;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        boolean folderWanted = WorkerParameters.isFolderWanted(arguments);
        WorkerOptions defaults = WorkerParameters.defaults(scheduler, caller, folderWanted);
        Job job = scheduler.spawn(
                WorkerParameters.job(arguments, defaults, defaultSandbox, scheduler.defaults(), Place.SHARED, scheduler)
                        .by(caller.boss()));
        List<Job> meeting = job.position() > 0 ? List.of() : scheduler.meeting(job);
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            writeSpawned(json, job);
            if (folderWanted) {
                json.writeStringField("workingDirectory", DefaultFolder.name(defaults.workingDirectory()));
            }
            DeclaredOverlaps.write(json, job, meeting);
            json.writeEndObject();
        }));
    }

    /** The fields of a job that has just been started or queued: reported as such, even if it has ended since. */
    static void writeSpawned(JsonGenerator json, Job job) throws IOException {
        json.writeStringField("jobId", job.id());
        if (job.position() > 0) {
            json.writeStringField("status", JobStatus.QUEUED.wire());
            json.writeNumberField("position", job.position());
        } else {
            Optional<Long> startedAt = job.snapshot().startedAt();
            // Not started here: an engine is to start it.
            json.writeStringField("status", (startedAt.isPresent() ? JobStatus.RUNNING : JobStatus.SUBMITTED).wire());
            if (startedAt.isPresent()) {
                json.writeStringField("startedAt", IsoTime.format(startedAt.get()));
            }
        }
        if (job.spec().label().isPresent()) {
            json.writeStringField("label", job.spec().label().get());
        }
        JobFields.writeWorktree(json, job);
    }
}

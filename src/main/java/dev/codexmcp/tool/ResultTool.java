package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobFields;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Collects what a worker has to say in the end. */
final class ResultTool implements Tool {
    private static final String FINAL_MESSAGE = "finalMessage";
    private static final String FULL = "full";

    /** codex_changes has them all, in pages. */
    private static final int MOST_FILES = 500;

    private static final Parameter<String> VIEW = Parameter.word(
            "view",
            List.of(FINAL_MESSAGE, FULL),
            "finalMessage (default): plain text. full: JSON with status, message and the tails of its raw output.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_result",
            "Result of a job",
            "Get the final message of a job that has ended; without one, a report on how it ended and what to do. Of a running "
                    + "job: the last message so far.",
            ToolAnnotations.LOOKS,
            List.of(JobParameters.JOB_ID, VIEW),
            ExecutionModel.LONG_ANSWER);

    private final JobRegistry jobs;
    private final Fleet fleet;
    private final Changes changes;

    /** @param fleet learns which ends have been reported */
    ResultTool(JobRegistry jobs, Fleet fleet, Changes changes) {
        this.jobs = jobs;
        this.fleet = fleet;
        this.changes = changes;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        Job job = jobs.find(arguments.required(JobParameters.JOB_ID));
        boolean ended = job.ended();
        ToolResult result;
        if (arguments.orElse(VIEW, FINAL_MESSAGE).equals(FULL)) {
            result = new ToolResult.Text(new String(Json.bytes(full(job)), StandardCharsets.UTF_8));
        } else {
            // The status first: a job that ends in between has its last message by then.
            JobSnapshot snapshot = job.snapshot();
            Optional<String> message = job.output().lastMessage();
            result = message.isPresent() && snapshot.status().ended()
                    ? StructuredMessage.of(job, message.get())
                    : new ToolResult.Text(message.orElseGet(() -> withoutMessage(job, snapshot)));
        }
        if (ended) {
            fleet.reported(job);
        }
        return CompletableFuture.completedFuture(result);
    }

    private static String withoutMessage(Job job, JobSnapshot snapshot) {
        return switch (snapshot.status()) {
            case QUEUED -> JobText.QUEUED;
            case STARTING, RUNNING -> "";
            case DONE, FAILED, CANCELED -> EndReport.of(job, snapshot);
        };
    }

    private JsonWritable full(Job job) {
        List<String> files = changes.modifiedFiles(job);
        return json -> {
            json.writeStartObject();
            JobFields.write(json, job);
            writeUnlessEmpty(json, "finalMessage", job.output().lastMessage().orElse(""));
            writeFiles(json, files);
            writeUnlessEmpty(json, "stdoutTail", job.output().stdoutTail());
            writeUnlessEmpty(json, "stderrTail", job.output().stderrTail());
            json.writeEndObject();
        };
    }

    private static void writeFiles(JsonGenerator json, List<String> files) throws IOException {
        if (!files.isEmpty()) {
            json.writeArrayFieldStart("modifiedFiles");
            for (String file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
                json.writeString(file);
            }
            json.writeEndArray();
        }
    }

    private static void writeUnlessEmpty(JsonGenerator json, String name, String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(name, text);
        }
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Returns the final message of a job. */
final class ResultTool implements Tool {
    private static final String FINAL_MESSAGE = "finalMessage";
    private static final String FULL = "full";

    private static final Parameter<String> VIEW = Parameter.word(
            "view",
            List.of(FINAL_MESSAGE, FULL),
            "finalMessage (default): plain text. full: JSON with status, message and the tails of its raw output.");

    private static final Parameter<String> CURSOR = Parameter.text("cursor", "For the next part of a long message.");
    private static final Parameter<Integer> MAX_BYTES =
            Parameter.integer("maxBytes", 1, Integer.MAX_VALUE, "As in codex_events.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_result",
            "Result of a job",
            "Get the final message of a job that has ended; without one, a report on how it ended and what to do. Of a running "
                    + "job: the last message so far.",
            ToolAnnotations.LOOKS,
            List.of(JobParameters.JOB_ID, VIEW, CURSOR, MAX_BYTES),
            ExecutionModel.LONG_ANSWER);

    private final JobRegistry jobs;
    private final Fleet fleet;
    private final Changes changes;

    /** @param fleet is notified of the ends that have been reported */
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
        long maxBytes = maxBytes(arguments, caller);
        int from = EventsTool.position(arguments, CURSOR);
        boolean ended = job.ended();
        ToolResult result;
        if (arguments.orElse(VIEW, FINAL_MESSAGE).equals(FULL)) {
            result = new ToolResult.Text(
                    new String(FullResult.of(job, changes.modifiedFiles(job), maxBytes), StandardCharsets.UTF_8));
        } else {
            // Reads the status before the message: a job that has ended by then also has its last message.
            JobSnapshot snapshot = job.snapshot();
            Optional<String> message = job.output().lastMessage();
            String whole = message.orElseGet(() -> withoutMessage(job, snapshot));
            boolean all = from == 0 && !TextPage.isLong(whole, maxBytes);
            result = all && message.isPresent() && snapshot.status().ended()
                    ? StructuredMessage.of(job, whole)
                    : new ToolResult.Text(TextPage.of(whole, from, maxBytes, job.id()));
        }
        if (ended) {
            fleet.reported(job);
        }
        return CompletableFuture.completedFuture(result);
    }

    private static String withoutMessage(Job job, JobSnapshot snapshot) {
        return switch (snapshot.status()) {
            case QUEUED, SUBMITTED -> JobText.QUEUED;
            case STARTING, RUNNING -> "";
            case DONE, FAILED, CANCELED -> EndReport.of(job, snapshot);
        };
    }

    private static long maxBytes(Arguments arguments, Caller caller) throws BadArgumentException {
        Optional<Integer> given = arguments.optional(MAX_BYTES);
        long whatFits = caller.limits().cutsTexts() ? caller.limits().pageBytes() : Long.MAX_VALUE;
        return given.isPresent() ? given.get() : whatFits;
    }
}

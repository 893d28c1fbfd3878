package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Ends a worker and has another go on with new instructions, and what the first one had found. */
final class InterruptTool implements Tool {
    private static final int MOST_TAIL_EVENTS = 25;

    private static final Parameter<String> NEW_PROMPT = Parameter.argument(
                    "newPrompt", "The whole task anew, as far as it still stands: the old prompt is not handed on.")
            .required();
    private static final Parameter<Integer> WAIT_MS =
            Parameter.integer("waitMs", 0, 60_000, 250, "How long the old worker may take to end, in milliseconds.");
    private static final Parameter<Boolean> INCLUDE_EVENT_TAIL =
            Parameter.flag("includeEventTail", "Hand on what the old worker last said (default true).");
    private static final Parameter<Integer> TAIL_MAX_EVENTS = Parameter.integer(
            "tailMaxEvents", 1, Integer.MAX_VALUE, MOST_TAIL_EVENTS, "How many of its events, 25 at most.");
    private static final Parameter<Arguments> OVERRIDES = Parameter.object(
            "overrides", WorkerParameters.OPTIONS, "Options of codex_spawn that are to change; the others stay.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_interrupt",
            "Redirect a worker",
            "Change a running worker's task: cancels its job and starts a new one with the same options, newPrompt and the tail "
                    + "of what the old one said. Go on with newJobId. A job that is not running any more is not started again; "
                    + "reason says so.",
            ToolAnnotations.DELEGATES,
            List.of(JobParameters.JOB_ID, NEW_PROMPT, WAIT_MS, INCLUDE_EVENT_TAIL, TAIL_MAX_EVENTS, OVERRIDES),
            List.of(
                    Parameter.text("previousJobId", "The job that was interrupted.")
                            .required(),
                    Parameter.text("previousStatus", "Its status now.").required(),
                    Parameter.flag("respawned", "Whether a new job has been started.")
                            .required(),
                    Parameter.text("newJobId", "The new job."),
                    Parameter.text("reason", "Why there is none, or what to mind.")),
            ExecutionModel.STARTS_WORKERS);

    private final JobRegistry registry;
    private final Sandbox defaultSandbox;

    InterruptTool(JobRegistry registry, Sandbox defaultSandbox) {
        this.registry = registry;
        this.defaultSandbox = defaultSandbox;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, ProgressListener progress)
            throws BadArgumentException, JobException {
        Job job = registry.find(arguments.required(JobParameters.JOB_ID));
        String newPrompt = arguments.required(NEW_PROMPT);
        WorkerParameters.checkPrompt(NEW_PROMPT.name(), newPrompt);
        Optional<Arguments> given = arguments.optional(OVERRIDES);
        WorkerOptions overrides = given.isPresent() ? WorkerParameters.options(given.get()) : WorkerOptions.NONE;
        int tail = arguments.orElse(INCLUDE_EVENT_TAIL, true)
                ? Math.min(arguments.orElse(TAIL_MAX_EVENTS, MOST_TAIL_EVENTS), MOST_TAIL_EVENTS)
                : 0;
        int waitMillis = arguments.orElse(WAIT_MS, 250);
        if (!job.cancel(false)) {
            String reason = "The job was not running any more: nothing to interrupt. codex_result has its answer; "
                    + "codex_spawn starts further work.";
            return CompletableFuture.completedFuture(answer(job, Optional.empty(), Optional.of(reason)));
        }
        WaitAny end = registry.waitAny(List.of(job.id()), waitMillis);
        return end.thenApply(outcome -> respawn(job, newPrompt, overrides, tail));
    }

    private ToolResult respawn(Job old, String newPrompt, WorkerOptions overrides, int tail) {
        JobStatus status = old.snapshot().status();
        if (status == JobStatus.DONE || status == JobStatus.FAILED) {
            return answer(
                    old,
                    Optional.empty(),
                    Optional.of(
                            "The job ended by itself meanwhile: codex_result has its answer; codex_spawn starts further "
                                    + "work."));
        }
        String prompt = continuation(old, newPrompt, tail);
        WorkerOptions options = overrides.or(old.spec().options());
        JobSpec spec = WorkerParameters.job(prompt, options, old.spec().label(), defaultSandbox);
        try {
            WorkerParameters.checkPrompt(NEW_PROMPT.name(), prompt);
            Job next = registry.spawn(spec);
            return answer(
                    old,
                    Optional.of(next),
                    status == JobStatus.RUNNING
                            ? Optional.of(
                                    "The old worker has not ended yet, and may still write: codex_cancel with force.")
                            : Optional.empty());
        } catch (BadArgumentException | JobException e) {
            return answer(
                    old,
                    Optional.empty(),
                    Optional.of("The job was canceled, but none was started: " + e.getMessage()));
        }
    }

    private static String continuation(Job old, String newPrompt, int tail) {
        StringBuilder prompt = new StringBuilder();
        List<String> said = old.said(tail);
        if (!said.isEmpty()) {
            prompt.append("Prior Context (from interrupted job ")
                    .append(old.id())
                    .append(")\n");
            said.forEach(text -> prompt.append("- ").append(text).append('\n'));
            prompt.append('\n');
        }
        return prompt.append("Updated Instructions\n")
                .append(newPrompt)
                .append(
                        "\n\nThe interrupted job may have left edits, some of them half done, and others may be editing too: ")
                .append(
                        "read each file again right before you write it, and change only what these instructions ask for.\n")
                .toString();
    }

    private static ToolResult answer(Job old, Optional<Job> next, Optional<String> reason) {
        JobStatus status = old.snapshot().status();
        return new ToolResult.Json(json -> write(json, old.id(), status, next, reason));
    }

    private static void write(
            JsonGenerator json, String oldId, JobStatus status, Optional<Job> next, Optional<String> reason)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("previousJobId", oldId);
        json.writeStringField("previousStatus", status.wire());
        json.writeBooleanField("respawned", next.isPresent());
        if (next.isPresent()) {
            json.writeStringField("newJobId", next.get().id());
        }
        if (reason.isPresent()) {
            json.writeStringField("reason", reason.get());
        }
        json.writeEndObject();
    }
}

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
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Ends a worker and has another go on with new instructions, and what the first one had found. */
final class InterruptTool implements Tool {
    private static final int MOST_TAIL_EVENTS = 25;

    private static final Field<String> NEW_PROMPT = Field.argument(
                    "newPrompt", "The whole task anew, as far as it still stands: the old prompt is not handed on.")
            .required();
    private static final Field<Integer> WAIT_MS =
            Field.integer("waitMs", 0, 60_000, 250, "How long the old worker may take to end, in milliseconds.");
    private static final Field<Boolean> INCLUDE_EVENT_TAIL =
            Field.flag("includeEventTail", "Hand on what the old worker last said (default true).");
    private static final Field<Integer> TAIL_MAX_EVENTS = Field.integer(
            "tailMaxEvents", 1, Integer.MAX_VALUE, MOST_TAIL_EVENTS, "How many of its events, 25 at most.");
    private static final Field<Arguments> OVERRIDES = Field.object(
            "overrides", WorkerFields.OPTIONS, "Options of codex_spawn that are to change; the others stay.");

    private static final ToolSpec SPEC = new ToolSpec(
            "codex_interrupt",
            "Redirect a worker",
            "Change a running worker's task: cancels its job and starts a new one with the same options, newPrompt and the tail "
                    + "of what the old one said. Go on with newJobId. A job that is not running any more is not started again; "
                    + "reason says so.",
            Hints.DELEGATES,
            List.of(JobFields.JOB_ID, NEW_PROMPT, WAIT_MS, INCLUDE_EVENT_TAIL, TAIL_MAX_EVENTS, OVERRIDES),
            List.of(
                    Field.text("previousJobId", "The job that was interrupted.").required(),
                    Field.text("previousStatus", "Its status now.").required(),
                    Field.flag("respawned", "Whether a new job has been started.")
                            .required(),
                    Field.text("newJobId", "The new job."),
                    Field.text("reason", "Why there is none, or what to mind.")),
            Pace.STARTS_WORKERS);

    private final JobRegistry registry;
    private final Sandbox defaultSandbox;

    InterruptTool(JobRegistry registry, Sandbox defaultSandbox) {
        this.registry = registry;
        this.defaultSandbox = defaultSandbox;
    }

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments, Progress progress)
            throws BadArgumentException, JobException {
        Job job = registry.find(arguments.required(JobFields.JOB_ID));
        String newPrompt = arguments.required(NEW_PROMPT);
        WorkerFields.checkPrompt(NEW_PROMPT.name(), newPrompt);
        Optional<Arguments> given = arguments.optional(OVERRIDES);
        WorkerOptions overrides = given.isPresent() ? WorkerFields.options(given.get()) : WorkerOptions.NONE;
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

    private ToolAnswer respawn(Job old, String newPrompt, WorkerOptions overrides, int tail) {
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
        JobSpec spec = WorkerFields.job(prompt, options, old.spec().label(), defaultSandbox);
        try {
            WorkerFields.checkPrompt(NEW_PROMPT.name(), prompt);
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

    private static ToolAnswer answer(Job old, Optional<Job> next, Optional<String> reason) {
        JobStatus status = old.snapshot().status();
        return new ToolAnswer.Json(json -> write(json, old.id(), status, next, reason));
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

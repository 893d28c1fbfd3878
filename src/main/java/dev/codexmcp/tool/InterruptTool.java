package dev.codexmcp.tool;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Continuation;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.Resumption;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.job.WaitAny;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends a worker and starts another with new instructions and the last events of the first. */
final class InterruptTool implements Tool {
    private static final int MOST_TAIL_EVENTS = 25;
    private static final int DEFAULT_WAIT_MS = 250;

    /** A thread can be resumed only after the old worker's end, which takes longer on a busy machine. */
    private static final int THREAD_WAIT_MS = 5000;

    private static final Parameter<String> NEW_PROMPT = Parameter.argument(
                    "newPrompt", "The whole task anew; the old prompt is not handed on.")
            .required();
    private static final Parameter<Integer> WAIT_MS =
            Parameter.integer("waitMs", 0, 60_000, DEFAULT_WAIT_MS, "How long to wait for the old worker's end.");
    private static final Parameter<Boolean> INCLUDE_EVENT_TAIL =
            Parameter.flag("includeEventTail", "Hand on what it last said (default true).");
    private static final Parameter<Integer> TAIL_MAX_EVENTS =
            Parameter.integer("tailMaxEvents", 1, Integer.MAX_VALUE, MOST_TAIL_EVENTS, "How much of that, 25 at most.");
    private static final Parameter<Boolean> KEEP_CONTEXT = Parameter.flag("keepContext", "Resume its thread instead.");
    private static final Parameter<Arguments> OVERRIDES =
            Parameter.object("overrides", WorkerParameters.BARE_OPTIONS, "Options of codex_spawn to change.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_interrupt",
            "Redirect a worker",
            "Redirect a running worker: cancels its job and starts another with its options, newPrompt and the tail of what "
                    + "it said. Go on with newJobId; without one, reason says why.",
            ToolAnnotations.DELEGATES,
            List.of(
                    JobParameters.JOB_ID,
                    NEW_PROMPT,
                    WAIT_MS,
                    INCLUDE_EVENT_TAIL,
                    TAIL_MAX_EVENTS,
                    KEEP_CONTEXT,
                    OVERRIDES),
            List.of(
                    Parameter.text("previousJobId", "The job that was interrupted.")
                            .required(),
                    Parameter.text("previousStatus", "Its status now.").required(),
                    Parameter.flag("respawned", "Whether a new job was started.")
                            .required(),
                    Parameter.text("newJobId", "The new job."),
                    Parameter.text("reason", "Why there is none, or what to watch out for.")),
            ExecutionModel.STARTS_WORKERS);

    private static final String STILL_RUNNING =
            "The old worker has not ended yet and may still write: use codex_cancel with force.";

    private final JobRegistry jobs;
    private final JobScheduler scheduler;
    private final ScheduledExecutorService timer;
    private final Sandbox defaultSandbox;

    InterruptTool(JobRegistry jobs, JobScheduler scheduler, ScheduledExecutorService timer, Sandbox defaultSandbox) {
        this.jobs = jobs;
        this.scheduler = scheduler;
        this.timer = timer;
        this.defaultSandbox = defaultSandbox;
    }

    /**
     * How the successor differs from the old job.
     *
     * @param options its options if it resumes the old thread
     * @param tail the number of events to pass on
     * @param keepContext whether it resumes the old thread, if that can be
     */
    private record Redirection(String newPrompt, WorkerOptions options, int tail, boolean keepContext) {}

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        Job job = jobs.find(arguments.required(JobParameters.JOB_ID));
        String newPrompt = arguments.required(NEW_PROMPT);
        WorkerParameters.checkPrompt(NEW_PROMPT.name(), newPrompt);
        Optional<Arguments> given = arguments.optional(OVERRIDES);
        WorkerOptions old = job.spec().options();
        WorkerOptions sameThread = old.with(old.extra().withoutImages());
        WorkerOptions options = given.isPresent()
                ? WorkerParameters.options(
                        given.get(),
                        sameThread,
                        scheduler.runsHere(job.spec().scheduling().launcher()))
                : sameThread;
        int tail = arguments.orElse(INCLUDE_EVENT_TAIL, true)
                ? Math.min(arguments.orElse(TAIL_MAX_EVENTS, MOST_TAIL_EVENTS), MOST_TAIL_EVENTS)
                : 0;
        boolean keepContext = arguments.orElse(KEEP_CONTEXT, false);
        long waitMillis =
                caller.limits().cap(arguments.orElse(WAIT_MS, keepContext ? THREAD_WAIT_MS : DEFAULT_WAIT_MS));
        Redirection redirection = new Redirection(newPrompt, options, tail, keepContext);
        if (replaceQueued(job, redirection)) {
            return CompletableFuture.completedFuture(
                    refusal(
                            job,
                            Optional.of(job.id()),
                            "The job had not been started yet: it keeps its id and its place in the queue, and starts with newPrompt."));
        }
        return scheduler.interrupt(job) ? respawnAfterEnd(job, redirection, waitMillis) : notInterrupted(job);
    }

    private boolean replaceQueued(Job job, Redirection redirection) {
        if (job.status() != JobStatus.QUEUED) {
            return false;
        }
        JobSpec old = job.spec();
        WorkerOptions options = redirection.options().or(old.options());
        String prompt = redirection.newPrompt();
        // A job that waits for another attempt has a thread already.
        Optional<Continuation> own = redirection.keepContext()
                ? Resumption.of(job).threadId().map(id -> new Continuation(id, false, Optional.empty()))
                : Optional.empty();
        return scheduler.replace(
                job,
                own.or(old::continuation)
                        .map(thread -> WorkerParameters.job(
                                prompt, options, old.label(), defaultSandbox, old.scheduling(), thread))
                        .orElseGet(() ->
                                WorkerParameters.job(prompt, options, old.label(), defaultSandbox, old.scheduling()))
                        .at(old.place())
                        .by(old.boss()));
    }

    /** The result for a job that has ended, or that another call has interrupted: then once its successor is known. */
    private static CompletableFuture<ToolResult> notInterrupted(Job job) {
        Optional<CompletableFuture<Optional<String>>> successor = job.successor();
        if (successor.isEmpty()) {
            return CompletableFuture.completedFuture(refusal(
                    job,
                    Optional.empty(),
                    "The job was no longer running: nothing to interrupt. codex_result has its answer; "
                            + "codex_spawn starts further work."));
        }
        return successor
                .get()
                .thenApply(next -> refusal(
                        job,
                        next,
                        "The job was already interrupted by another call"
                                + (next.isPresent()
                                        ? ": newJobId continues its work. To redirect that one, interrupt it."
                                        : ", which started no successor. codex_spawn starts further work.")));
    }

    /**
     * Waits for the job to end, then starts its successor on a thread that may block. A call cancelled before that
     * starts none.
     */
    private CompletableFuture<ToolResult> respawnAfterEnd(Job job, Redirection redirection, long waitMillis) {
        AtomicBoolean decided = new AtomicBoolean();
        CompletableFuture<WaitAny.Outcome> end = WaitAny.start(jobs, List.of(job.id()), waitMillis, timer);
        CompletableFuture<ToolResult> answer = end.thenApplyAsync(
                outcome -> {
                    if (!decided.compareAndSet(false, true)) {
                        throw new CancellationException();
                    }
                    return respawn(job, redirection);
                },
                scheduler.starter());
        answer.whenComplete((done, failure) -> {
            if (decided.compareAndSet(false, true)) {
                end.cancel(false);
                scheduler.succeededBy(job, Optional.empty());
            }
        });
        return answer; // itself, not what whenComplete returns: cancelling that would not reach it
    }

    private ToolResult respawn(Job old, Redirection redirection) {
        Optional<String> next = Optional.empty();
        Optional<Job> heir = Optional.empty();
        try {
            JobStatus status = old.status();
            if (status == JobStatus.DONE || status == JobStatus.FAILED) {
                return refusal(
                        old,
                        next,
                        "The job ended by itself first: codex_result has its answer; codex_spawn starts further work.");
            }
            Successor successor = successor(old, status, redirection);
            JobSpec continued =
                    successor.spec().at(old.spec().place()).by(old.spec().boss());
            heir = Optional.of(scheduler.spawn(continued, old));
            next = heir.map(Job::id);
            return answer(old, status, true, next, successor.remark());
        } catch (BadArgumentException e) {
            return refusal(old, next, "The job was canceled, but no new one was started: " + e.getMessage());
        } catch (JobException e) {
            return refusal(
                    old, next, "The job was canceled, but no new one was started: " + JobErrorText.of(e.error()));
        } finally {
            scheduler.succeededBy(old, heir);
        }
    }

    /** What the successor runs, and what its caller must know. */
    private record Successor(JobSpec spec, Optional<String> remark) {}

    private Successor successor(Job old, JobStatus status, Redirection redirection) throws BadArgumentException {
        WorkerOptions options = redirection.options().or(old.spec().options());
        Scheduling scheduling = old.spec().scheduling().after(List.of());
        Optional<String> label = old.spec().label();
        String obstacle = "";
        if (redirection.keepContext()) {
            Resumption resumption = status.ended() ? Resumption.of(old) : Resumption.NOT_ENDED;
            if (resumption.threadId().isPresent()) {
                String prompt = continuation(old, redirection.newPrompt(), 0);
                WorkerParameters.checkPrompt(NEW_PROMPT.name(), prompt);
                Continuation thread = new Continuation(resumption.threadId().get(), false, Optional.of(old.id()));
                return new Successor(
                        WorkerParameters.job(prompt, redirection.options(), label, defaultSandbox, scheduling, thread),
                        Optional.empty());
            }
            obstacle = "The new worker started fresh, without the old one's context: " + resumption.obstacle() + ".";
        }
        String prompt = continuation(old, redirection.newPrompt(), redirection.tail());
        WorkerParameters.checkPrompt(NEW_PROMPT.name(), prompt);
        String running = status.ended() ? "" : STILL_RUNNING;
        String remark = (obstacle + " " + running).strip();
        return new Successor(
                WorkerParameters.job(prompt, options, label, defaultSandbox, scheduling),
                Optional.of(remark).filter(text -> !text.isEmpty()));
    }

    private static String continuation(Job old, String newPrompt, int tail) {
        StringBuilder prompt = new StringBuilder();
        List<String> said = old.output().said(tail);
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

    private static ToolResult refusal(Job old, Optional<String> next, String reason) {
        return answer(old, old.status(), false, next, Optional.of(reason));
    }

    /** The status is passed in, so that it is the one that {@code reason} is about. */
    private static ToolResult answer(
            Job old, JobStatus status, boolean respawned, Optional<String> next, Optional<String> reason) {
        return new ToolResult.Json(json -> {
            json.writeStartObject();
            json.writeStringField("previousJobId", old.id());
            json.writeStringField("previousStatus", status.wire());
            json.writeBooleanField("respawned", respawned);
            if (next.isPresent()) {
                json.writeStringField("newJobId", next.get());
            }
            if (reason.isPresent()) {
                json.writeStringField("reason", reason.get());
            }
            json.writeEndObject();
        });
    }
}

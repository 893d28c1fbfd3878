package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.ThreadId;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.conversation.ConversationStore;
import dev.codexmcp.conversation.TurnQueue;
import dev.codexmcp.job.Continuation;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs Codex and returns its final message; with a sessionId, as a turn of a conversation. */
final class CodexTool implements Tool {
    static final String CALLBACK_VARIABLE = "CODEX_MCP_CALLBACK_URI";

    private static final Parameter<String> SESSION_ID =
            Parameter.text("sessionId", "Names a conversation: the first use begins it, later ones continue it.");
    private static final Parameter<Boolean> RESET_SESSION = Parameter.flag("resetSession", "Begin the session anew.");
    private static final Parameter<String> CALLBACK_URI =
            Parameter.argument("callbackUri", "Reaches the worker as " + CALLBACK_VARIABLE + ".");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex",
            "Run Codex and wait",
            "Run one Codex task and wait for its final message; options as in codex_spawn, which does not wait.",
            ToolAnnotations.DELEGATES,
            List.of(
                    WorkerParameters.PROMPT.withoutDescription(),
                    SESSION_ID,
                    RESET_SESSION,
                    WorkerParameters.MODEL.withoutDescription(),
                    WorkerParameters.REASONING_EFFORT.withoutDescription(),
                    WorkerParameters.SANDBOX.withoutDescription(),
                    WorkerParameters.FULL_AUTO.withoutDescription(),
                    WorkerParameters.WORKING_DIRECTORY.withoutDescription(),
                    CALLBACK_URI),
            ExecutionModel.STARTS_WORKERS);

    private final JobScheduler scheduler;
    private final ScheduledExecutorService timer;
    private final Sandbox defaultSandbox;
    private final ConversationStore conversations;

    /** Two concurrent turns would both continue from the same state. */
    private final TurnQueue turns;

    CodexTool(
            JobScheduler scheduler,
            ScheduledExecutorService timer,
            Sandbox defaultSandbox,
            ConversationStore conversations,
            TurnQueue turns) {
        this.scheduler = scheduler;
        this.timer = timer;
        this.defaultSandbox = defaultSandbox;
        this.conversations = conversations;
        this.turns = turns;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        Deadline deadline = Deadline.of(caller);
        String prompt = arguments.required(WorkerParameters.PROMPT);
        WorkerParameters.checkPrompt(WorkerParameters.PROMPT.name(), prompt);
        WorkerOptions options = WorkerParameters.options(arguments, scheduler.runsHere(Optional.empty()))
                .or(WorkerParameters.defaults(scheduler, caller, WorkerParameters.isFolderWanted(arguments)));
        Map<String, String> environment = arguments
                .optional(CALLBACK_URI)
                .map(uri -> Map.of(CALLBACK_VARIABLE, uri))
                .orElse(Map.of());
        Optional<String> session = arguments.optional(SESSION_ID).filter(id -> !id.isEmpty());
        if (session.isEmpty()) {
            CodexCommand command = CodexCommand.exec(prompt, options, options.effectiveSandbox(defaultSandbox));
            return start(spec(command, options, environment), Optional.empty(), caller, deadline)
                    .answer();
        }
        boolean reset = arguments.orElse(RESET_SESSION, false);
        AtomicBoolean settled = new AtomicBoolean();
        CompletableFuture<ToolResult> answer = turns.submit(session.get(), () -> {
            if (!settled.compareAndSet(false, true)) {
                throw new CancellationException();
            }
            if (reset) {
                conversations.reset(session.get());
            }
            return start(turn(session.get(), prompt, options, environment), session, caller, deadline);
        });
        if (deadline.exists() && !settled.get()) {
            refuseAtDeadline(session.get(), settled, answer, deadline);
        }
        return answer;
    }

    /** Refuses a turn if earlier ones keep it waiting longer than the host waits for the answer. */
    private void refuseAtDeadline(
            String session, AtomicBoolean settled, CompletableFuture<ToolResult> answer, Deadline deadline) {
        Future<?> alarm = timer.schedule(
                () -> {
                    if (settled.compareAndSet(false, true)) {
                        answer.completeExceptionally(new ToolFailedException("The session \"" + session
                                + "\" is busy with an earlier turn, and a call may take at most "
                                + deadline.text() + ". This turn has not been started: call again."));
                    }
                },
                deadline.leftMillis(),
                TimeUnit.MILLISECONDS);
        answer.whenComplete((done, failure) -> alarm.cancel(false));
    }

    private JobSpec turn(String session, String prompt, WorkerOptions options, Map<String, String> environment) {
        Sandbox sandbox = options.effectiveSandbox(defaultSandbox);
        return conversations
                .use(session)
                .threadId()
                .map(thread -> spec(CodexCommand.resume(thread, prompt, options, sandbox), options, environment)
                        .with(new Continuation(thread, false, Optional.empty())))
                .orElseGet(() -> spec(CodexCommand.exec(prompt, options, sandbox), options, environment));
    }

    private JobSpec spec(CodexCommand command, WorkerOptions options, Map<String, String> environment) {
        return new JobSpec(command, options, options.effectiveSandbox(defaultSandbox), Optional.empty(), environment);
    }

    private BlockingRun start(JobSpec spec, Optional<String> session, Caller caller, Deadline deadline)
            throws JobException {
        return BlockingRun.start(scheduler, timer, spec, caller, deadline, job -> {
            Optional<String> thread = job.output().threadId().filter(ThreadId::isOne);
            String message = BlockingRun.finalMessage(job);
            session.ifPresent(id -> thread.ifPresent(threadId -> conversations.turnEnded(id, threadId)));
            return new ToolResult.Text(message, Optional.of(meta(job, thread, session)));
        });
    }

    private static JsonWritable meta(Job job, Optional<String> thread, Optional<String> session) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("threadId", thread.orElse(null));
            if (session.isPresent()) {
                json.writeStringField("sessionId", session.get());
            }
            if (job.spec().options().model().isPresent()) {
                json.writeStringField("model", job.spec().options().model().get());
            }
            json.writeEndObject();
        };
    }
}

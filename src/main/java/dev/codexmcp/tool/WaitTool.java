package dev.codexmcp.tool;

import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.job.fleet.FleetClaim;
import dev.codexmcp.job.fleet.FleetQuery;
import dev.codexmcp.job.fleet.FleetWait;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Waits until several jobs have ended, and returns their final messages. */
final class WaitTool implements Tool {
    private static final int DEFAULT_TIMEOUT = 45_000;
    private static final int DEFAULT_BYTES = 16 * 1024;

    private static final Parameter<List<String>> JOB_IDS =
            Parameter.texts("jobIds", 0, "Default: all jobs not yet reported as ended.");
    private static final Parameter<Integer> COUNT =
            Parameter.integer("count", 1, Integer.MAX_VALUE, "How many must have ended; default all, 1: any.");
    private static final Parameter<Boolean> WAKE =
            Parameter.flag("wakeOnAttention", "Also answer if a job needs attention.");
    private static final Parameter<Boolean> MESSAGES =
            Parameter.flag("includeMessages", "Final messages (default true).");
    private static final Parameter<Integer> TIMEOUT_MS =
            Parameter.integer("timeoutMs", 0, 300_000, DEFAULT_TIMEOUT, "At most.");
    private static final Parameter<Integer> MAX_BYTES = Parameter.integer(
            "maxBytes", 1, Integer.MAX_VALUE, DEFAULT_BYTES, "Bytes of the answer; messages share them.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_wait",
            "Wait for several jobs",
            "Wait until jobs have ended, and collect their final messages. Each end is reported once; "
                    + "if an answer was lost, repeat with since. If timedOut, more or pending, call again.",
            ToolAnnotations.WATCHES,
            List.of(
                    JOB_IDS,
                    FleetParameters.LABEL,
                    FleetParameters.SINCE,
                    COUNT,
                    WAKE,
                    MESSAGES,
                    TIMEOUT_MS,
                    MAX_BYTES),
            List.of(
                    FleetParameters.REV,
                    FleetParameters.rows("ended", "A row each, with finalMessage and modifiedFiles.")
                            .required(),
                    FleetParameters.MORE,
                    Parameter.object(
                                    "pending",
                                    List.of(
                                            Parameter.integer("queued", 0, Integer.MAX_VALUE, "Jobs."),
                                            Parameter.integer("running", 0, Integer.MAX_VALUE, "Jobs.")),
                                    "Those that have not ended.")
                            .required(),
                    FleetParameters.HOLD,
                    FleetParameters.rows("attention", "Rows of jobs that need it."),
                    Parameter.flag("timedOut", "Whether the time was up first.").required(),
                    CappedWait.FIELDS.get(0),
                    CappedWait.FIELDS.get(1),
                    Parameter.texts("missingJobIds", 0, "Ids that name no job.")),
            ExecutionModel.QUICK);

    private final Fleet fleet;
    private final Changes changes;
    private final JobScheduler scheduler;
    private final ScheduledExecutorService timer;
    private final Executor threads;

    /** @param threads makes the answers: the timer and the threads that report the ends of jobs must not */
    WaitTool(Fleet fleet, JobScheduler scheduler, Changes changes, ScheduledExecutorService timer, Executor threads) {
        this.fleet = fleet;
        this.scheduler = scheduler;
        this.changes = changes;
        this.timer = timer;
        this.threads = threads;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws BadArgumentException {
        FleetQuery query = FleetParameters.query(arguments).named(arguments.optional(JOB_IDS));
        boolean attention = arguments.orElse(WAKE, false);
        CappedWait time = CappedWait.of(arguments.orElse(TIMEOUT_MS, DEFAULT_TIMEOUT), caller);
        int bytes = arguments.orElse(
                MAX_BYTES, Math.min(DEFAULT_BYTES, caller.limits().pageBytes()));
        WaitAnswer.Form form = new WaitAnswer.Form(arguments.orElse(MESSAGES, true), bytes, attention, time);
        OptionalInt count = count(arguments, query);
        FleetWait wait = fleet.await(query, count, attention, isHeldLonger(time.millis()) ? 0 : time.millis());
        arguments.release();
        return answer(wait, form, caller.progress());
    }

    /** Whether waiting is pointless: nothing runs, and a hold keeps everything from starting within this time. */
    private boolean isHeldLonger(long timeoutMillis) {
        return scheduler
                .hold()
                .filter(hold -> hold.until() - System.currentTimeMillis() > timeoutMillis)
                .map(hold -> scheduler.permits().used() == 0)
                .orElse(false);
    }

    private static OptionalInt count(Arguments arguments, FleetQuery query) throws BadArgumentException {
        Optional<Integer> count = arguments.optional(COUNT);
        if (count.isEmpty()) {
            return OptionalInt.empty();
        }
        if (query.jobIds().isPresent() && count.get() > query.jobIds().get().size()) {
            throw new BadArgumentException("\"" + COUNT.name() + "\" is " + count.get() + ": it must be "
                    + query.jobIds().get().size() + " at most, the number of \"" + JOB_IDS.name() + "\".");
        }
        return OptionalInt.of(count.get());
    }

    private CompletableFuture<ToolResult> answer(FleetWait wait, WaitAnswer.Form form, ProgressListener progress) {
        FleetQuery query = wait.query(); // shared by all waits for the same jobs
        CompletableFuture<ToolResult> answer = new CompletableFuture<>();
        WaitReports.start(wait, () -> "waiting for " + wait.jobs() + " jobs", progress, timer);
        wait.thenAcceptAsync(timedOut -> collect(query, form, timedOut, answer), threads)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    }
                });
        answer.whenComplete((done, failure) -> wait.cancel(false));
        return answer;
    }

    /** Reports what has ended. If the answer reaches nobody, a later wait reports it. */
    private void collect(
            FleetQuery query, WaitAnswer.Form form, boolean timedOut, CompletableFuture<ToolResult> answer) {
        if (answer.isDone()) {
            return; // cancelled
        }
        FleetClaim claim = fleet.claim(query, form.mostRows(), form.attention());
        boolean delivered = false;
        try {
            WaitAnswer made = WaitAnswer.of(
                    claim, form, changes, claim.queued() > 0 ? scheduler.hold() : Optional.empty(), timedOut);
            fleet.giveBack(made.unshownEnds(), made.unshownAttention());
            delivered = answer.complete(new ToolResult.Json(made.json()));
        } finally {
            if (!delivered) {
                fleet.giveBack(claim);
            }
        }
    }
}

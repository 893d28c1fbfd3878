package dev.codexmcp.tool;

import dev.codexmcp.conversation.TurnQueue;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.worker.ExitStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A worker that a call waits for, with progress reports. Cancelling it ends the worker and its descendants. If the host would give up first, the call is answered in time and the worker continues as a background job.
 */
final class BlockingRun implements TurnQueue.RunningTurn<ToolResult> {
    /** A worker still running this long after a request to end is killed. */
    private static final long GRACE_MILLIS = 2000;

    private static final int STDERR_LINES = 5;

    /** Turns an ended job into a result. */
    @FunctionalInterface
    interface Answering {
        /**
         * The result of the call.
         *
         * @throws ToolFailedException if the call fails; the message is for the caller
         */
        ToolResult answer(Job job) throws ToolFailedException;
    }

    private final JobScheduler scheduler;
    private final ScheduledExecutorService timer;
    private final Job job;
    private final HostLimits limits;
    private final Answering answering;
    private final Future<?> watch;
    private final Future<?> alarm;

    /** Whether it has been decided which answer the call gets: the worker's, or that it is still running. */
    private final AtomicBoolean settled = new AtomicBoolean();

    private final CompletableFuture<ToolResult> result = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private BlockingRun(
            JobScheduler scheduler,
            ScheduledExecutorService timer,
            Job job,
            Caller caller,
            Deadline deadline,
            Answering answering) {
        this.scheduler = scheduler;
        this.timer = timer;
        this.job = job;
        this.limits = caller.limits();
        this.answering = answering;
        this.watch = caller.progress().wanted()
                ? JobProgress.watch(job, caller.progress(), timer)
                : CompletableFuture.completedFuture(null);
        this.alarm = deadline.exists()
                ? timer.schedule(() -> timeUp(deadline), deadline.leftMillis(), TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(null);
    }

    /**
     * Starts the worker of a call that begins now.
     *
     * @throws JobException if it cannot be started
     */
    static BlockingRun start(
            JobScheduler scheduler, ScheduledExecutorService timer, JobSpec spec, Caller caller, Answering answering)
            throws JobException {
        return start(scheduler, timer, spec, caller, Deadline.of(caller), answering);
    }

    /**
     * Starts the worker.
     *
     * @throws JobException if it cannot be started
     */
    static BlockingRun start(
            JobScheduler scheduler,
            ScheduledExecutorService timer,
            JobSpec spec,
            Caller caller,
            Deadline deadline,
            Answering answering)
            throws JobException {
        BlockingRun run = new BlockingRun(scheduler, timer, scheduler.run(spec), caller, deadline, answering);
        if (!run.job.onEnd(run::ended)) {
            run.ended();
        }
        return run;
    }

    private void ended() {
        watch.cancel(false);
        alarm.cancel(false);
        boolean wanted = settled.compareAndSet(false, true);
        try {
            ToolResult answer = answering.answer(job);
            if (wanted) {
                result.complete(fitting(answer));
            }
        } catch (ToolFailedException | RuntimeException | Error e) {
            if (wanted) {
                result.completeExceptionally(e);
            }
        } finally {
            over.complete(null);
        }
    }

    /** The first part of a message that the host would cut; {@code codex_result} then returns the others. */
    private ToolResult fitting(ToolResult answer) {
        if (!(answer instanceof ToolResult.Text text)
                || !limits.cutsTexts()
                || !TextPage.isLong(text.text(), limits.pageBytes())
                || !job.output().lastMessage().equals(Optional.of(text.text()))) {
            return answer;
        }
        scheduler.adopt(job);
        return new ToolResult.Text(TextPage.of(text.text(), 0, limits.pageBytes(), job.id()), text.meta());
    }

    /** The host is about to give up: the work continues as a background job. */
    private void timeUp(Deadline deadline) {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        watch.cancel(false);
        try {
            scheduler.adopt(job);
            result.complete(stillRunning(deadline));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private ToolResult stillRunning(Deadline deadline) {
        String text = "Still running, and a call may take at most " + deadline.text() + ". The work continues as job "
                + job.id() + ": codex_wait with jobIds [\"" + job.id()
                + "\"] waits for its final message, codex_cancel ends it.";
        return new ToolResult.Text(text, Optional.of(json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            json.writeEndObject();
        }));
    }

    @Override
    public CompletableFuture<?> over() {
        return over;
    }

    @Override
    public CompletableFuture<ToolResult> result() {
        return result;
    }

    @Override
    public void cancel() {
        watch.cancel(false);
        if (job.cancel(false)) {
            timer.schedule(() -> job.cancel(true), GRACE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The result of a call that is this run alone: cancelling it cancels the run. */
    CompletableFuture<ToolResult> answer() {
        CompletableFuture<ToolResult> answer = result.copy();
        answer.whenComplete((done, failure) -> {
            if (answer.isCancelled()) {
                cancel();
            }
        });
        return answer; // itself, not what whenComplete returns: cancelling that would not reach it
    }

    /**
     * The final message of a worker that succeeded.
     *
     * @throws ToolFailedException if it failed, with the cause
     */
    static String finalMessage(Job job) throws ToolFailedException {
        JobSnapshot ended = job.snapshot();
        if (ended.status() != JobStatus.DONE) {
            throw new ToolFailedException("Codex failed with "
                    + ended.exit().map(ExitStatus::describe).orElse("no worker") + ": " + cause(job));
        }
        return job.output().lastMessage().orElseGet(() -> EndReport.of(job, ended));
    }

    private static String cause(Job job) {
        return JobText.lastError(job).orElseGet(() -> {
            String tail = String.join("\n", job.output().lastStderrLines(STDERR_LINES));
            return tail.isEmpty() ? "it printed nothing; try the same with \"codex exec\" in a terminal." : tail;
        });
    }
}

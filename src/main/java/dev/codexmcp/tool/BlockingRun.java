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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A worker that a call waits for. It reports progress meanwhile; cancelling it ends the worker and its descendants. */
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

    private final ScheduledExecutorService timer;
    private final Job job;
    private final Answering answering;
    private final Future<?> watch;
    private final CompletableFuture<ToolResult> result = new CompletableFuture<>();

    private BlockingRun(ScheduledExecutorService timer, Job job, ProgressListener progress, Answering answering) {
        this.timer = timer;
        this.job = job;
        this.answering = answering;
        this.watch =
                progress.wanted() ? JobProgress.watch(job, progress, timer) : CompletableFuture.completedFuture(null);
    }

    /**
     * Starts the worker.
     *
     * @throws JobException if it cannot be started
     */
    static BlockingRun start(
            JobScheduler scheduler, ScheduledExecutorService timer, JobSpec spec, Caller caller, Answering answering)
            throws JobException {
        BlockingRun run = new BlockingRun(timer, scheduler.run(spec), caller.progress(), answering);
        if (!run.job.onEnd(run::ended)) {
            run.ended();
        }
        return run;
    }

    private void ended() {
        watch.cancel(false);
        try {
            result.complete(answering.answer(job));
        } catch (ToolFailedException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
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

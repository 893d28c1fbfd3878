package dev.codexmcp.tool;

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

/**
 * A worker that a call waits for: the call's answer is the job's end. It reports progress meanwhile, and cancelling it ends
 * the worker with all it started.
 */
final class BlockingRun {
    /** A worker that has not ended so long after its call was cancelled is killed. */
    private static final long GRACE_MILLIS = 2000;

    private static final int STDERR_LINES = 5;

    private BlockingRun() {}

    /** Starts the worker; the future completes with its job once that has ended. */
    static CompletableFuture<Job> run(
            JobScheduler scheduler, ScheduledExecutorService timer, JobSpec spec, ProgressListener progress)
            throws JobException {
        Job job = scheduler.run(spec);
        CompletableFuture<Job> turn = new CompletableFuture<>();
        Future<?> watch =
                progress.wanted() ? JobProgress.watch(job, progress, timer) : CompletableFuture.completedFuture(null);
        turn.whenComplete((ended, cancelled) -> {
            watch.cancel(false);
            if (cancelled != null && job.cancel(false)) {
                timer.schedule(() -> job.cancel(true), GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
        if (!job.onEnd(() -> turn.complete(job))) {
            turn.complete(job);
        }
        return turn;
    }

    /** The final message of a turn that ended well; one that did not is a failure that says why. */
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
            return tail.isEmpty() ? "it said nothing; try the same with \"codex exec\" in a terminal." : tail;
        });
    }

    /** A future's answer, where making it may fail in a way that is meant for the caller. */
    interface Answering {
        ToolResult answer(Job job) throws ToolFailedException;
    }

    /** Answers the call when the turn is over; cancelling the answer cancels the turn. */
    static CompletableFuture<ToolResult> answer(CompletableFuture<Job> turn, Answering answering) {
        CompletableFuture<ToolResult> answer = turn.thenCompose(job -> {
            try {
                return CompletableFuture.completedFuture(answering.answer(job));
            } catch (ToolFailedException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
        answer.whenComplete((done, failure) -> {
            if (failure != null) {
                turn.cancel(false);
            }
        });
        return answer; // itself, not what whenComplete returns: cancelling that would not reach it
    }
}

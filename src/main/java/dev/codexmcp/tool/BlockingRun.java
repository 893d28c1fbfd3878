package dev.codexmcp.tool;

import dev.codexmcp.conversation.TurnQueue;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A worker whose end a call waits for. It reports progress meanwhile; cancelling it ends the worker with all that it
 * started.
 */
final class BlockingRun implements TurnQueue.RunningTurn<ToolResult> {
    /** A worker that has not ended this long after it was asked to is killed. */
    private static final long GRACE_MILLIS = 2000;

    private static final int STDERR_LINES = 5;

    /** Makes the answer of a job that has ended. */
    @FunctionalInterface
    interface Answering {
        /**
         * The answer, from what the job did.
         *
         * @throws JobException if the call fails, with the text for its caller
         */
        ToolResult answer(Job job) throws JobException;
    }

    private final JobRegistry registry;
    private final Job job;
    private final Answering answering;
    private final Future<?> watch;
    private final CompletableFuture<ToolResult> result = new CompletableFuture<>();

    private BlockingRun(JobRegistry registry, Job job, ProgressListener progress, Answering answering) {
        this.registry = registry;
        this.job = job;
        this.answering = answering;
        this.watch = progress.wanted()
                ? JobProgress.watch(job, progress, registry.timer())
                : CompletableFuture.completedFuture(null);
    }

    /**
     * Starts the worker.
     *
     * @throws JobException if it cannot be started
     */
    static BlockingRun start(JobRegistry registry, JobSpec spec, ProgressListener progress, Answering answering)
            throws JobException {
        BlockingRun run = new BlockingRun(registry, registry.run(spec), progress, answering);
        if (!run.job.onEnd(run::ended)) {
            run.ended();
        }
        return run;
    }

    private void ended() {
        watch.cancel(false);
        try {
            result.complete(answering.answer(job));
        } catch (JobException | RuntimeException | Error e) {
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
            registry.timer().schedule(() -> job.cancel(true), GRACE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The answer of a call that consists of this run alone: cancelling it cancels the run. */
    CompletableFuture<ToolResult> answer() {
        CompletableFuture<ToolResult> answer = result.copy();
        answer.whenComplete((done, failure) -> {
            if (answer.isCancelled()) {
                cancel();
            }
        });
        return answer; // itself, not what whenComplete returns: cancelling that would not reach it
    }

    /** The final message of a worker that ended well.
     *
     * @throws JobException if it did not, with the cause
     */
    static String finalMessage(Job job) throws JobException {
        JobSnapshot ended = job.snapshot();
        if (ended.status() != JobStatus.DONE) {
            throw new JobException(
                    "Codex failed with " + ended.exit().orElseThrow().describe() + ": " + cause(job));
        }
        return job.lastMessage().orElseGet(() -> EndReport.of(job, ended));
    }

    private static String cause(Job job) {
        return job.lastError().orElseGet(() -> {
            String tail = String.join("\n", job.lastStderrLines(STDERR_LINES));
            return tail.isEmpty() ? "it said nothing; try the same with \"codex exec\" in a terminal." : tail;
        });
    }
}

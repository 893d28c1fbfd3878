package dev.codexmcp.tool;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the tools share that show or change the working trees of jobs.
 *
 * @param threads makes the answers: git's threads must not
 */
record TreeCalls(JobRegistry jobs, Changes changes, Executor threads) {
    TreeCalls {
        Objects.requireNonNull(jobs);
        Objects.requireNonNull(changes);
        Objects.requireNonNull(threads);
    }

    /** The job that the arguments name. */
    Job job(Arguments arguments) throws BadArgumentException, JobException {
        return jobs.find(arguments.required(JobParameters.JOB_ID));
    }

    /** The answer, once there is a report; a problem with git or a tree becomes a message for the caller. */
    <T> CompletableFuture<ToolResult> answer(CompletableFuture<T> report, Function<T, ToolResult> writing) {
        return report.thenApply(writing).handleAsync(ChangesFailure::orFailure, threads);
    }
}

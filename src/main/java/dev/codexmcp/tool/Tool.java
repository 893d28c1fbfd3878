package dev.codexmcp.tool;

import dev.codexmcp.job.JobException;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.concurrent.CompletableFuture;

/** One tool: its specification and its behaviour. */
public interface Tool {
    ToolSpecification spec();

    /**
     * Runs the tool. A call that has to wait returns a future and holds no thread; if the client cancels the call, that
     * future is cancelled and no result is sent.
     *
     * @param caller the client that makes the call
     * @throws BadArgumentException if an argument is missing or wrong
     * @throws JobException if there is no such job, or no job can be started
     */
    CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws BadArgumentException, JobException;
}

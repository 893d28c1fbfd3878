package dev.codexmcp.tool;

import dev.codexmcp.job.JobException;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.concurrent.CompletableFuture;

/** One tool: what clients are told of it, and what it does. */
public interface Tool {
    ToolSpecification spec();

    /**
     * Does what the tool is for. A call that has to wait returns a future and holds no thread; where the client cancels the
     * call, that future is cancelled, and nothing is answered.
     *
     * @param progress takes word of how a long call gets on
     * @throws BadArgumentException where an argument is missing or wrong
     * @throws JobException if there is no such job, or no job can be started
     */
    CompletableFuture<ToolResult> call(Arguments arguments, ProgressListener progress)
            throws BadArgumentException, JobException;
}

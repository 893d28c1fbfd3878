package dev.codexmcp.tool;

import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Shows that the server answers. */
final class PingTool implements Tool {
    private static final Parameter<String> MESSAGE = Parameter.text("message", "Text to return, default \"pong\".");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "ping",
            "Ping",
            "Check that this server is alive. Returns the message.",
            ToolAnnotations.LOOKS,
            List.of(MESSAGE),
            ExecutionModel.QUICK);

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws BadArgumentException {
        return CompletableFuture.completedFuture(new ToolResult.Text(arguments.orElse(MESSAGE, "pong")));
    }
}

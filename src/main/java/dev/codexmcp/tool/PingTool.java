package dev.codexmcp.tool;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tells whether the server answers. */
final class PingTool implements Tool {
    private static final Field<String> MESSAGE = Field.text("message", "Text to get back; \"pong\" if left out.");

    private static final ToolSpec SPEC = new ToolSpec(
            "ping",
            "Ping",
            "Check that this server is alive. Answers with the message.",
            Hints.LOOKS,
            List.of(MESSAGE),
            Pace.QUICK);

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments, Progress progress) throws BadArgumentException {
        return CompletableFuture.completedFuture(new ToolAnswer.Text(arguments.orElse(MESSAGE, "pong")));
    }
}

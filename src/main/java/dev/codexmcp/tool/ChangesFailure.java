package dev.codexmcp.tool;

import dev.codexmcp.git.FileErrors;
import dev.codexmcp.job.changes.SeveralTreesException;
import dev.codexmcp.job.changes.WritersRunException;
import dev.codexmcp.tool.schema.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The texts for clients when git or a tree is the problem. */
final class ChangesFailure {
    private ChangesFailure() {}

    /** The result, or the failure to report instead. */
    static ToolResult orFailure(@Nullable ToolResult result, @Nullable Throwable failure) {
        if (result != null) {
            return result;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        throw new CompletionException(of(cause));
    }

    /** A message for the caller if the failure is of the expected kind. */
    private static Throwable of(@Nullable Throwable failure) {
        if (failure instanceof SeveralTreesException several) {
            return new ToolFailedException(
                    "These jobs work in " + several.roots().size() + " trees: "
                            + several.roots().stream().map(Path::toString).collect(Collectors.joining(", "))
                            + ". Ask with the jobId of each.");
        }
        if (failure instanceof WritersRunException writers) {
            return new ToolFailedException("Workers that may write run in " + writers.root() + ": "
                    + String.join(", ", writers.jobs())
                    + ". Wait for their end, or end them with codex_cancel; then try again.");
        }
        if (failure instanceof TimeoutException) {
            return new ToolFailedException(
                    "Git needs longer to read the tree than a call may take. It continues: call again in a while.");
        }
        if (failure instanceof IOException) {
            return new ToolFailedException(FileErrors.sentence(failure));
        }
        return failure == null ? new IllegalStateException("no result") : failure;
    }
}

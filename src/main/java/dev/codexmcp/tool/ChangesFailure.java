package dev.codexmcp.tool;

import dev.codexmcp.job.changes.SeveralTreesException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The texts for clients when git or a tree is the problem. */
final class ChangesFailure {
    private ChangesFailure() {}

    /** What to report of a failure: a message for the caller if it is of the expected kind. */
    static Throwable of(@Nullable Throwable failure) {
        if (failure instanceof SeveralTreesException several) {
            return new ToolFailedException("These jobs work in " + several.roots().size() + " trees: "
                    + several.roots().stream().map(Path::toString).collect(Collectors.joining(", "))
                    + ". Ask with the jobId of each.");
        }
        if (failure instanceof IOException) {
            return new ToolFailedException(String.valueOf(failure.getMessage()));
        }
        return failure == null ? new IllegalStateException("no result") : failure;
    }
}

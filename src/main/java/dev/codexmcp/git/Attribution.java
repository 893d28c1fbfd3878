package dev.codexmcp.git;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path that a job has changed, or may have changed.
 *
 * @param by how certain that is
 * @param jobs with {@link By#UNKNOWN}, all jobs that may have changed it; otherwise empty
 * @param change from the job's start to what it left; null if no snapshot shows one: the file is ignored, outside the
 *     repository, or unchanged
 * @param kind the kind of change according to the job's own patch, if there was one
 * @param others the other jobs known to have changed the path since the job's start
 */
public record Attribution(
        RepoPath path,
        By by,
        Set<String> jobs,
        @Nullable PathChange change,
        @Nullable ChangeKind kind,
        Set<String> others) {
    public Attribution {
        Objects.requireNonNull(path);
        Objects.requireNonNull(by);
        jobs = Set.copyOf(jobs);
        others = Set.copyOf(others);
    }

    /** How certain it is that the job changed the path, most certain first. */
    public enum By {
        /** The worker reported a patch of the file: certain. */
        PATCH,
        /** The job was the only writer when the file changed, but the user may have edited it. */
        COMMAND,
        /** Several writers ran when the file changed, and none reported a patch. */
        UNKNOWN
    }
}

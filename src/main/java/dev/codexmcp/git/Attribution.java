package dev.codexmcp.git;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path that a job has changed, or may have.
 *
 * @param by how sure that is
 * @param jobs with {@link By#UNKNOWN} all that may have; empty else
 * @param change from the job's start to what it left; null if no snapshot shows one: the file is ignored, lies outside, or is as it was
 * @param kind what the job's own patch said of it, if there was one
 * @param others whoever else has changed the path since the job's start, as far as is known
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

    /** How sure it is that the job has changed the path. In the order of certainty. */
    public enum By {
        /** The worker has said that it patched the file: certain. */
        PATCH,
        /** The job was the only writer when the file changed. The user may have been at work too. */
        COMMAND,
        /** Several writers were there when the file changed, and none said that it was its patch. */
        UNKNOWN
    }
}

package dev.codexmcp.job;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Which job, if any, continues the work of an interrupted one. Thread-safe. */
final class Succession {
    /** Null unless the job was interrupted. */
    private @Nullable CompletableFuture<Optional<String>> heir;

    /** Notes that another job is to continue the work. Returns false if that has been noted before. */
    synchronized boolean begin() {
        if (heir != null) {
            return false;
        }
        heir = new CompletableFuture<>();
        return true;
    }

    synchronized boolean begun() {
        return heir != null;
    }

    /**
     * Reports the outcome; only the first report counts.
     *
     * @param jobId the job that continues the work, empty if none does
     */
    void complete(Optional<String> jobId) {
        outcome()
                .orElseThrow(() -> new IllegalStateException("the job was not interrupted"))
                .complete(jobId);
    }

    /** Present if the job was interrupted: completes with the id of the job that continues its work, or empty if none does. */
    synchronized Optional<CompletableFuture<Optional<String>>> outcome() {
        return Optional.ofNullable(heir);
    }
}

package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.codex.event.Failure;
import dev.codexmcp.codex.event.FailureReason;
import java.util.Optional;

/** Starts further workers for jobs whose worker met a limit of the provider that passes. */
final class Retries {
    private static final String PROMPT = "Continue.";

    private Retries() {}

    /** Whether another try makes sense after this failure. */
    static boolean mayPass(Failure failure) {
        Optional<FailureReason> reason = failure.reason();
        return reason.equals(Optional.of(FailureReason.RATE_LIMIT))
                || reason.equals(Optional.of(FailureReason.OVERLOADED));
    }

    /**
     * What the next worker of a job runs: it resumes the thread if that holds what the last one knew, otherwise it begins with
     * the prompt again. Reads the thread's file.
     */
    static JobSpec next(Job job, JobSpec first) {
        Optional<String> thread = Resumption.of(job).threadId();
        if (thread.isEmpty()) {
            return first;
        }
        WorkerOptions options = first.options();
        WorkerOptions withoutImages = options.with(options.extra().withoutImages());
        Optional<String> parent = first.continuation().flatMap(Continuation::parentJobId);
        return first.with(
                CodexCommand.resume(thread.get(), PROMPT, withoutImages, first.sandbox()),
                new Continuation(thread.get(), false, parent));
    }
}

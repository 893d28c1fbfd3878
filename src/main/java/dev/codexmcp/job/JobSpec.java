package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import java.util.Map;
import java.util.Optional;

/**
 * What a job is to run.
 *
 * @param options as the caller gave them, for a job that continues this one's work
 * @param sandbox the mode that those options result in
 * @param environment added to the server's own
 * @param scheduling when it may start, and how much it may use
 * @param continuation the thread that it continues or forks; empty if it begins a new one
 */
public record JobSpec(
        CodexCommand command,
        WorkerOptions options,
        Sandbox sandbox,
        Optional<String> label,
        Map<String, String> environment,
        Scheduling scheduling,
        Optional<Continuation> continuation) {
    public JobSpec {
        environment = Map.copyOf(environment);
    }

    /** A job with a thread of its own that starts now or not at all, without limits. */
    public JobSpec(
            CodexCommand command,
            WorkerOptions options,
            Sandbox sandbox,
            Optional<String> label,
            Map<String, String> environment) {
        this(command, options, sandbox, label, environment, Scheduling.NONE, Optional.empty());
    }

    /** The same with this scheduling. */
    public JobSpec with(Scheduling other) {
        return new JobSpec(command, options, sandbox, label, environment, other, continuation);
    }

    /** The same with this continuation. */
    public JobSpec with(Continuation other) {
        return new JobSpec(command, options, sandbox, label, environment, scheduling, Optional.of(other));
    }

    /** The same with another command, and the options that it was made from. */
    JobSpec with(CodexCommand otherCommand, Continuation otherContinuation) {
        return new JobSpec(
                otherCommand, options, sandbox, label, environment, scheduling, Optional.of(otherContinuation));
    }
}

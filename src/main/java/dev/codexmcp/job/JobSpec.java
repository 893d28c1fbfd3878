package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.git.Worktree;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a job runs.
 *
 * @param options as given by the caller; a successor inherits them
 * @param sandbox the mode that results from the options
 * @param environment added to the server's own
 * @param scheduling when it may start, and how much it may use
 * @param continuation the thread that it continues or forks; empty if it begins a new one
 * @param place where it works, and what it intends to write
 * @param boss the conversation that asked for it, if known
 */
public record JobSpec(
        CodexCommand command,
        WorkerOptions options,
        Sandbox sandbox,
        Optional<String> label,
        Map<String, String> environment,
        Scheduling scheduling,
        Optional<Continuation> continuation,
        Place place,
        Optional<Boss> boss) {
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
        this(
                command,
                options,
                sandbox,
                label,
                environment,
                Scheduling.NONE,
                Optional.empty(),
                Place.SHARED,
                Optional.empty());
    }

    /** The same with this scheduling. */
    public JobSpec with(Scheduling other) {
        return new JobSpec(command, options, sandbox, label, environment, other, continuation, place, boss);
    }

    /** The same with this continuation. */
    public JobSpec with(Continuation other) {
        return new JobSpec(command, options, sandbox, label, environment, scheduling, Optional.of(other), place, boss);
    }

    /** The same, asked for by this conversation. */
    public JobSpec by(Optional<Boss> caller) {
        return new JobSpec(command, options, sandbox, label, environment, scheduling, continuation, place, caller);
    }

    /** The same with another command, and the options that it was made from. */
    JobSpec with(CodexCommand otherCommand, Continuation otherContinuation) {
        return new JobSpec(
                otherCommand,
                options,
                sandbox,
                label,
                environment,
                scheduling,
                Optional.of(otherContinuation),
                place,
                boss);
    }

    /** The same at this place. */
    public JobSpec at(Place other) {
        return new JobSpec(command, options, sandbox, label, environment, scheduling, continuation, other, boss);
    }

    /** The same in this worktree. */
    public JobSpec in(Worktree worktree, Path directory) {
        return new JobSpec(
                command.in(directory.toString()),
                options.in(directory.toString()),
                sandbox,
                label,
                environment,
                scheduling,
                continuation,
                place.in(worktree),
                boss);
    }
}

package dev.codexmcp.codex;

import java.util.Optional;

/**
 * How to run a worker. An empty option means the server's default or, if there is none, the CLI's.
 *
 * @param fullAuto requests {@link Sandbox#WORKSPACE_WRITE} unless {@code sandbox} is present
 * @param extra the options that few workers need
 */
public record WorkerOptions(
        Optional<String> model,
        Optional<String> reasoningEffort,
        Optional<Sandbox> sandbox,
        Optional<Boolean> fullAuto,
        Optional<String> workingDirectory,
        ExtraOptions extra) {
    public static final WorkerOptions NONE =
            new WorkerOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** No extra options. */
    public WorkerOptions(
            Optional<String> model,
            Optional<String> reasoningEffort,
            Optional<Sandbox> sandbox,
            Optional<Boolean> fullAuto,
            Optional<String> workingDirectory) {
        this(model, reasoningEffort, sandbox, fullAuto, workingDirectory, ExtraOptions.NONE);
    }

    /** The same with these extra options. */
    public WorkerOptions with(ExtraOptions other) {
        return new WorkerOptions(model, reasoningEffort, sandbox, fullAuto, workingDirectory, other);
    }

    /** The same in another working directory. */
    public WorkerOptions in(String directory) {
        return new WorkerOptions(model, reasoningEffort, sandbox, fullAuto, Optional.of(directory), extra);
    }

    /** These options, with empty ones taken from {@code other}. */
    public WorkerOptions or(WorkerOptions other) {
        boolean ownMode = sandbox.isPresent() || fullAuto.orElse(false);
        return new WorkerOptions(
                model.or(other::model),
                reasoningEffort.or(other::reasoningEffort),
                ownMode ? sandbox : other.sandbox,
                ownMode ? fullAuto : fullAuto.or(other::fullAuto),
                workingDirectory.or(other::workingDirectory),
                extra.or(other.extra));
    }

    /** The sandbox to use: {@code sandbox} if present, else {@code fullAuto}'s, else the given default. */
    public Sandbox effectiveSandbox(Sandbox otherwise) {
        return sandbox.orElse(fullAuto.orElse(false) ? Sandbox.WORKSPACE_WRITE : otherwise);
    }
}

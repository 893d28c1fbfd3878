package dev.codexmcp.codex;

import java.util.Optional;

/**
 * How a worker is to run; what is empty is left to the server's default, then to the CLI's.
 *
 * @param fullAuto asks for {@link Sandbox#WORKSPACE_WRITE}, where {@code sandbox} names no other mode
 */
public record WorkerOptions(
        Optional<String> model,
        Optional<String> reasoningEffort,
        Optional<Sandbox> sandbox,
        Optional<Boolean> fullAuto,
        Optional<String> workingDirectory) {
    public static final WorkerOptions NONE =
            new WorkerOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** These options, with those of {@code other} where these are empty. */
    public WorkerOptions or(WorkerOptions other) {
        boolean ownMode = sandbox.isPresent() || fullAuto.orElse(false);
        return new WorkerOptions(
                model.or(other::model),
                reasoningEffort.or(other::reasoningEffort),
                ownMode ? sandbox : other.sandbox,
                ownMode ? fullAuto : fullAuto.or(other::fullAuto),
                workingDirectory.or(other::workingDirectory));
    }

    /** The mode that is meant: the one named, else what {@code fullAuto} means, else the given default. */
    public Sandbox effectiveSandbox(Sandbox otherwise) {
        return sandbox.orElse(fullAuto.orElse(false) ? Sandbox.WORKSPACE_WRITE : otherwise);
    }
}

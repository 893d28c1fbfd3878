package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import java.util.Map;
import java.util.Optional;

/**
 * What a job is to run.
 *
 * @param options as the caller gave them, for a job that goes on where this one is interrupted
 * @param sandbox the mode that those options come to
 * @param environment added to the server's own
 */
public record JobSpec(
        CodexCommand command,
        WorkerOptions options,
        Sandbox sandbox,
        Optional<String> label,
        Map<String, String> environment) {
    public JobSpec {
        environment = Map.copyOf(environment);
    }
}

package dev.codexmcp.job;

import dev.codexmcp.codex.Sandbox;
import java.util.Optional;

/**
 * What is known of a job of another server, or of an earlier one.
 *
 * @param threadId the CLI's id of its conversation
 * @param workingDirectory where its worker ran; absolute
 * @param startedAt milliseconds since 1970
 * @param mayRun whether its server, and perhaps its worker, is still running
 */
public record PastJob(
        String jobId,
        String threadId,
        Optional<String> label,
        String workingDirectory,
        Sandbox sandbox,
        long startedAt,
        boolean mayRun) {}

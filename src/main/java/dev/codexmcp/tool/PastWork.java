package dev.codexmcp.tool;

import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Place;
import dev.codexmcp.job.Scheduling;
import java.util.Optional;

/**
 * A thread to go on with, and the options of the job that used it last.
 *
 * @param jobId that job, if it is known
 * @param label its label
 * @param place where it worked
 */
record PastWork(
        String threadId,
        Optional<String> jobId,
        Optional<String> label,
        WorkerOptions options,
        Scheduling scheduling,
        Place place) {}

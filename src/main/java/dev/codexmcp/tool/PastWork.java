package dev.codexmcp.tool;

import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Place;
import dev.codexmcp.job.Scheduling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A thread to continue, and the options of the job that used it last.
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
        Place place) {
    /** The same in the main tree, if it is in a worktree. */
    PastWork inMainTree() {
        WorkerOptions moved = place.worktree()
                .map(own -> options.in(own.inMainTree(folder()).toString()))
                .orElse(options);
        return new PastWork(
                threadId, jobId, label, moved, scheduling, new Place(false, Optional.empty(), place.writes()));
    }

    /** Whether its worktree has been removed, so that a job that continues the thread gets a new one. */
    boolean getsNewWorktree() {
        return place.worktree()
                .filter(own -> folder().startsWith(own.path()) && Files.isDirectory(own.mainRoot()))
                .isPresent();
    }

    private Path folder() {
        return Path.of(options.workingDirectory().orElse(""));
    }
}

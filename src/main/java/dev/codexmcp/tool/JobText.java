package dev.codexmcp.tool;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.log.EventWording;
import java.util.Optional;

/** The texts about a job that name tools and settings of this server. */
final class JobText implements EventWording {
    static final JobText WORDING = new JobText();

    private static final String OUT_OF_MEMORY =
            "The server's heap is full: the worker was killed, and its last output is "
                    + "lost. Restart the server, or give it more heap (CODEX_MCP_JAVA_OPTS=-Xmx4g).";

    /** Shown in place of the message of a queued job. */
    static final String QUEUED = "The job is queued: its worker has not been started, so there is no message yet. "
            + "codex_wait waits for its end; codex_list shows what it waits for.";

    private JobText() {}

    @Override
    public String howToGetWhole(int index) {
        return "codex_events with cursor \"" + index + "\" and maxEvents 1 returns it whole";
    }

    @Override
    public String outOfMemory() {
        return OUT_OF_MEMORY;
    }

    /** What went wrong with the job's worker, if known. */
    static Optional<String> lastError(Job job) {
        return job.output().outOfMemory()
                ? Optional.of(OUT_OF_MEMORY)
                : job.output().lastError();
    }
}

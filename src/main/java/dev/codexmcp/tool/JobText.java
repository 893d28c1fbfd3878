package dev.codexmcp.tool;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.log.EventWording;
import java.util.Optional;

/** The words about a job that name calls and settings of this server. */
final class JobText implements EventWording {
    static final JobText WORDING = new JobText();

    private static final String OUT_OF_MEMORY =
            "The server's heap is full: the worker was killed, and what it said last is "
                    + "lost. Restart the server, or give it more heap (CODEX_MCP_JAVA_OPTS=-Xmx4g).";

    private JobText() {}

    @Override
    public String howToGetWhole(int index) {
        return "codex_events with cursor \"" + index + "\" and maxEvents 1 gets it whole";
    }

    @Override
    public String outOfMemory() {
        return OUT_OF_MEMORY;
    }

    /** What went wrong with the job's worker, as far as that is known. */
    static Optional<String> lastError(Job job) {
        return job.output().outOfMemory()
                ? Optional.of(OUT_OF_MEMORY)
                : job.output().lastError();
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.JobError;
import dev.codexmcp.job.JobError.AllPermitsTaken;
import dev.codexmcp.job.JobError.CliMissing;
import dev.codexmcp.job.JobError.ShuttingDown;
import dev.codexmcp.job.JobError.StartFailed;
import dev.codexmcp.job.JobError.TooDeep;
import dev.codexmcp.job.JobError.UnknownJob;

/** The texts of a job's errors for clients: what went wrong, and what to do. */
public final class JobErrorText implements JobError.Cases<String> {
    private static final JobErrorText TEXT = new JobErrorText();

    private JobErrorText() {}

    public static String of(JobError error) {
        return error.match(TEXT);
    }

    @Override
    public String unknownJob(UnknownJob error) {
        return "Unknown jobId \"" + error.jobId() + "\". Jobs live in this server's memory: a restart of the "
                + "server loses them. Use a jobId that codex_spawn returned, or spawn the work again.";
    }

    @Override
    public String allPermitsTaken(AllPermitsTaken error) {
        return "All " + error.permits() + " permits are taken: " + error.permits() + " jobs are running, and "
                + "CODEX_MCP_MAX_JOBS allows no more. Wait for one with codex_wait_any, end one with codex_cancel, "
                + "or ask for a higher CODEX_MCP_MAX_JOBS.";
    }

    @Override
    public String cliMissing(CliMissing error) {
        return error.reason();
    }

    @Override
    public String startFailed(StartFailed error) {
        return "The worker did not start: " + error.reason()
                + (error.exhausted()
                        ? ". End some of them, then try again."
                        : ". Check the Codex CLI and the arguments, then try again.");
    }

    @Override
    public String tooDeep(TooDeep error) {
        String place = error.depth() == 0
                ? ""
                : "it runs inside a worker, " + error.depth() + (error.depth() == 1 ? " server" : " servers")
                        + " deep, and ";
        return "This server starts no workers: " + place + "its CODEX_MCP_MAX_DEPTH is " + error.limit()
                + ". Do the work yourself, or have CODEX_MCP_MAX_DEPTH raised.";
    }

    @Override
    public String shuttingDown(ShuttingDown error) {
        return "The server is shutting down and starts no more jobs.";
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.JobError;
import dev.codexmcp.job.JobError.AllPermitsTaken;
import dev.codexmcp.job.JobError.CliMissing;
import dev.codexmcp.job.JobError.KindPermitsTaken;
import dev.codexmcp.job.JobError.NoWorktree;
import dev.codexmcp.job.JobError.QueueFull;
import dev.codexmcp.job.JobError.ShuttingDown;
import dev.codexmcp.job.JobError.StartFailed;
import dev.codexmcp.job.JobError.ThreadInUse;
import dev.codexmcp.job.JobError.TokensUsedUp;
import dev.codexmcp.job.JobError.TooDeep;
import dev.codexmcp.job.JobError.UnknownDependency;
import dev.codexmcp.job.JobError.UnknownJob;
import dev.codexmcp.job.JobError.UnknownLauncher;
import dev.codexmcp.job.PastJob;

/** The texts of a job's errors for clients: what went wrong, and what to do. */
public final class JobErrorText implements JobError.Cases<String> {
    private static final JobErrorText TEXT = new JobErrorText();

    private JobErrorText() {}

    public static String of(JobError error) {
        return error.match(TEXT);
    }

    @Override
    public String unknownJob(UnknownJob error) {
        if (error.past().isPresent()) {
            return past(error.jobId(), error.past().get());
        }
        return "Unknown jobId \"" + error.jobId() + "\". Jobs live in this server's memory: a restart of the "
                + "server loses them. Use a jobId that codex_spawn returned, or spawn the work again.";
    }

    private static String past(String jobId, PastJob past) {
        return "Unknown jobId \"" + jobId + "\": "
                + (past.mayRun()
                        ? "it is a job of another server, where it may still be running"
                        : "it was a job of another server, or of an earlier one")
                + past.label().map(label -> ", labelled \"" + label + "\"").orElse("") + ". Its thread is "
                + past.threadId() + ", its folder " + past.workingDirectory()
                + ": codex_followup with that threadId continues it"
                + (past.mayRun() ? " once it has ended." : ".");
    }

    @Override
    public String allPermitsTaken(AllPermitsTaken error) {
        return "All " + error.permits() + " permits are taken: " + error.permits() + " jobs are running, and "
                + "CODEX_MCP_MAX_JOBS allows no more. Wait for one with codex_wait_any, end one with codex_cancel, "
                + "or ask for a higher CODEX_MCP_MAX_JOBS.";
    }

    @Override
    public String kindPermitsTaken(KindPermitsTaken error) {
        return "All " + error.permits() + " permits for workers "
                + (error.readOnly() ? "with sandbox read-only" : "that may write")
                + " are taken, and " + (error.readOnly() ? "CODEX_MCP_MAX_READERS" : "CODEX_MCP_MAX_WRITERS")
                + " allows no more. Wait for one with codex_wait_any, end one with codex_cancel, or spawn with queue true.";
    }

    @Override
    public String queueFull(QueueFull error) {
        return "The queue is full: " + error.most()
                + " jobs wait, and CODEX_MCP_MAX_QUEUED allows no more. Wait until some have "
                + "started, or end some with codex_cancel.";
    }

    @Override
    public String unknownDependency(UnknownDependency error) {
        return "\"dependsOn\" names \"" + error.jobId() + "\", but there is no such job. Use ids that codex_spawn "
                + "returned; in codex_spawn_group also labels of the same group.";
    }

    @Override
    public String unknownLauncher(UnknownLauncher error) {
        return "\"launcher\" is \"" + error.launcher() + "\": it must be " + String.join(" or ", error.names())
                + ": CODEX_MCP_LAUNCHER and CODEX_MCP_LAUNCHERS name no others.";
    }

    @Override
    public String tokensUsedUp(TokensUsedUp error) {
        return "The jobs of this server have used " + error.limit()
                + " tokens, and CODEX_MCP_MAX_TOKENS allows no more. "
                + "codex_list shows how many each has used. Ask for a higher CODEX_MCP_MAX_TOKENS.";
    }

    @Override
    public String cliMissing(CliMissing error) {
        return error.reason();
    }

    @Override
    public String startFailed(StartFailed error) {
        return "The worker did not start: " + error.reason()
                + switch (error.cause()) {
                    case EXHAUSTED -> ". End some of them, then try again.";
                    case LAUNCHER ->
                        ". The server's environment decides this, not the call: ask for it to be mended, or name another launcher.";
                    case WORKER -> ". Check the Codex CLI and the arguments, then try again.";
                };
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
    public String noWorktree(NoWorktree error) {
        return "The job's worktree could not be created: " + error.reason()
                + " Fix that, or spawn the job without isolation.";
    }

    @Override
    public String threadInUse(ThreadInUse error) {
        return "Thread " + error.threadId() + " is in use by "
                + error.jobId()
                        .map(jobId -> "job " + jobId + ", which has not ended: wait for it, redirect it with "
                                + "codex_interrupt and keepContext")
                        .orElse("a call that has not been answered: wait for it")
                + ", or set fork to begin a new thread with its history.";
    }

    @Override
    public String shuttingDown(ShuttingDown error) {
        return "The server is shutting down and starts no more jobs.";
    }
}

package dev.codexmcp.tool;

import dev.codexmcp.job.EndCause;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobSnapshot;
import java.util.List;

/** The report on a job that ended without a final message: how it ended, what it changed, and what to do next. */
final class EndReport {
    private EndReport() {}

    static String of(Job job, JobSnapshot ended) {
        StringBuilder report = new StringBuilder();
        line(report, "status: " + ended.status().wire());
        ended.exit()
                .ifPresent(exit -> line(
                        report,
                        "exitCode: " + exit.code()
                                + (exit.signal() == null ? "" : " (ended by " + exit.signal() + ")")));
        line(report, "modifiedFiles:");
        List<String> files = job.output().changedFiles();
        (files.isEmpty() ? List.of("(none)") : files).forEach(file -> line(report, file));
        JobText.lastError(job).ifPresent(error -> line(report, "error: " + error));
        if (ended.cause()
                .filter(cause -> cause == EndCause.START || cause == EndCause.LOST)
                .isPresent()) {
            ended.details().message().ifPresent(message -> line(report, "error: " + message));
        }
        job.output().lastStderrLines(1).forEach(last -> line(report, "stderr: " + last));
        line(report, whatNext(ended));
        return report.toString().stripTrailing();
    }

    private static String whatNext(JobSnapshot ended) {
        if (ended.startedAt().isEmpty()) {
            return neverStarted(ended.cause().orElseThrow());
        }
        String reason = switch (ended.status()) {
            case CANCELED ->
                "The job was canceled before its final message. Check the working tree (git status) "
                        + "for half-done edits, then spawn the rest of the work again if it is still needed.";
            case FAILED -> failed(ended.cause().orElseThrow());
            case DONE -> "The job ended without a final message. codex_events shows what it did.";
            case QUEUED, SUBMITTED, STARTING, RUNNING ->
                throw new IllegalArgumentException("not ended: " + ended.jobId());
        };
        return reason + " modifiedFiles lists what its patches changed, not what its shell commands wrote.";
    }

    private static String neverStarted(EndCause cause) {
        return switch (cause) {
            case DEPENDENCY ->
                "The job never started: a job that it depends on did not end done. Fix that one, then spawn both again.";
            case TOKENS ->
                "The job never started: the jobs of this server have used as many tokens as CODEX_MCP_MAX_TOKENS allows.";
            case START -> "The job never started. Check the Codex CLI and the arguments, then spawn it again.";
            case WORKTREE ->
                "The job never started: its worktree could not be created. codex_status gives the reason as message.";
            case LOST -> lost();
            case EXIT,
                    SIGNAL,
                    MEMORY,
                    CANCELED,
                    TIMEOUT,
                    IDLE,
                    USAGE_LIMIT,
                    RATE_LIMIT,
                    OVERLOADED,
                    NETWORK,
                    AUTH,
                    MODEL,
                    SHUTDOWN -> "The job was canceled while it was queued: its worker never started.";
        };
    }

    private static String failed(EndCause cause) {
        return switch (cause) {
            case TIMEOUT -> ended("it ran longer than maxRunMs");
            case IDLE -> ended("it gave no sign of life for longer than maxIdleMs");
            case LOST -> lost();
            case TOKENS -> ended("it used more tokens than maxTokens");
            case EXIT,
                    SIGNAL,
                    MEMORY,
                    CANCELED,
                    DEPENDENCY,
                    USAGE_LIMIT,
                    RATE_LIMIT,
                    OVERLOADED,
                    NETWORK,
                    AUTH,
                    MODEL,
                    START,
                    WORKTREE,
                    SHUTDOWN ->
                "The job failed before a message. codex_events with types [\"error\"] shows what went "
                        + "wrong; fix the cause and spawn it again.";
        };
    }

    private static String lost() {
        return "The engine ended the worker, or the engine, its host or the connection to it failed. Any remaining process has "
                + "been or will be killed. Check the working tree (git status) for half-done edits, then spawn the rest of the "
                + "work again.";
    }

    private static String ended(String limit) {
        return "The server ended the job because " + limit
                + ". Check the working tree (git status) for half-done edits, "
                + "then spawn the rest of the work again, with a higher limit or a smaller task.";
    }

    private static void line(StringBuilder report, String line) {
        report.append(line).append('\n');
    }
}

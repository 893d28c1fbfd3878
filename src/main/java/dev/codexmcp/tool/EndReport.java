package dev.codexmcp.tool;

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
        job.output().lastStderrLines(1).forEach(last -> line(report, "stderr: " + last));
        line(report, whatNext(ended));
        return report.toString().stripTrailing();
    }

    private static String whatNext(JobSnapshot ended) {
        String reason = switch (ended.status()) {
            case CANCELED ->
                "The job was canceled before its final message. Check the working tree (git status) "
                        + "for half-done edits, then spawn the rest of the work again if it is still needed.";
            case FAILED ->
                "The job failed before a message. codex_events with types [\"error\"] shows what went "
                        + "wrong; fix the cause and spawn it again.";
            case DONE -> "The job ended without a final message. codex_events shows what it did.";
            case QUEUED, SUBMITTED, STARTING, RUNNING -> throw new IllegalArgumentException("not ended: " + ended.jobId());
        };
        return reason + " modifiedFiles lists what its patches changed, not what its shell commands wrote.";
    }

    private static void line(StringBuilder report, String line) {
        report.append(line).append('\n');
    }
}

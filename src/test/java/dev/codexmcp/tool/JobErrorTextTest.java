package dev.codexmcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.JobError;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The texts of job errors: what went wrong, and what to do. */
class JobErrorTextTest {
    @Test
    void anUnknownJobNamesTheIdAndSaysThatARestartLosesJobs() {
        assertThat(JobErrorText.of(new JobError.UnknownJob("j", Optional.empty())))
                .isEqualTo(
                        "Unknown jobId \"j\". Jobs live in this server's memory: a restart of the server loses them. Use"
                                + " a jobId that codex_spawn returned, or spawn the work again.");
    }

    @Test
    void theCapErrorNamesTheCapTheRunningJobsAndTheVariable() {
        assertThat(JobErrorText.of(new JobError.AllPermitsTaken(32)))
                .isEqualTo(
                        "All 32 permits are taken: 32 jobs are running, and CODEX_MCP_MAX_JOBS allows no more. Wait for"
                                + " one with codex_wait_any, end one with codex_cancel, or ask for a higher CODEX_MCP_MAX_JOBS.");
    }

    @Test
    void aFailedStartGivesTheSystemsReasonAndAdvice() {
        assertThat(JobErrorText.of(new JobError.StartFailed(
                        "cannot start \"x\": No such file or directory", JobError.StartFailed.Cause.WORKER)))
                .isEqualTo(
                        "The worker did not start: cannot start \"x\": No such file or directory. Check the Codex CLI and"
                                + " the arguments, then try again.");
        assertThat(JobErrorText.of(new JobError.StartFailed(
                        "too many processes or threads (limit)", JobError.StartFailed.Cause.EXHAUSTED)))
                .isEqualTo("The worker did not start: too many processes or threads (limit). End some of them, then try"
                        + " again.");
    }

    @Test
    void aMissingCliGivesTheReasonUnchanged() {
        assertThat(JobErrorText.of(new JobError.CliMissing("Not there. Install it.")))
                .isEqualTo("Not there. Install it.");
    }

    @Test
    void aServerThatRunsTooDeepNamesItsDepthTheLimitAndItsVariable() {
        assertThat(JobErrorText.of(new JobError.TooDeep(2, 1)))
                .isEqualTo("This server starts no workers: it runs inside a worker, 2 servers deep, and its"
                        + " CODEX_MCP_MAX_DEPTH is 1. Do the work yourself, or have CODEX_MCP_MAX_DEPTH raised.");
        assertThat(JobErrorText.of(new JobError.TooDeep(1, 1))).contains("inside a worker, 1 server deep, and");
        assertThat(JobErrorText.of(new JobError.TooDeep(0, 0)))
                .startsWith("This server starts no workers: its CODEX_MCP_MAX_DEPTH is 0.");
    }

    @Test
    void aServerThatIsShuttingDownReportsThat() {
        assertThat(JobErrorText.of(new JobError.ShuttingDown())).contains("shutting down");
    }
}

package dev.codexmcp.job;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.json.Json;
import dev.codexmcp.worker.ExitStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobStateTest {
    @ParameterizedTest
    @CsvSource({
        "0,   ,        false, false, DONE",
        "0,   ,        false, true,  DONE",
        "0,   ,        true,  false, CANCELED",
        "0,   ,        true,  true,  DONE",
        "1,   ,        false, false, FAILED",
        "1,   ,        false, true,  FAILED",
        "1,   ,        true,  false, CANCELED",
        "1,   ,        true,  true,  FAILED",
        "101, ,        false, false, FAILED",
        "255, ,        true,  false, CANCELED",
        ",    SIGTERM, false, false, FAILED",
        ",    SIGTERM, false, true,  FAILED",
        ",    SIGTERM, true,  false, CANCELED",
        ",    SIGTERM, true,  true,  FAILED",
        ",    SIGKILL, true,  false, CANCELED",
        ",    SIGSEGV, false, false, FAILED",
    })
    void theStatusDependsOnHowTheJobEnded(
            @Nullable Integer code,
            @Nullable String signal,
            boolean cancelAsked,
            boolean turnCompleted,
            JobStatus expected) {
        assertThat(JobStatus.atEnd(new ExitStatus(code, signal), cancelAsked, turnCompleted))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUED, queued",
        "STARTING, running",
        "RUNNING, running",
        "DONE, done",
        "FAILED, failed",
        "CANCELED, canceled"
    })
    void aStatusHasItsWord(JobStatus status, String word) {
        assertThat(status.wire()).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource({
        "DONE,     0, ,        ,         false, EXIT",
        "FAILED,   1, ,        ,         false, EXIT",
        "FAILED,   1, ,        CANCELED, false, EXIT",
        "FAILED,   1, ,        ,         true,  MEMORY",
        "FAILED,   ,  SIGKILL, ,         true,  MEMORY",
        "DONE,     0, ,        ,         true,  EXIT",
        "FAILED,   ,  SIGSEGV, ,         false, SIGNAL",
        "FAILED,   ,  SIGTERM, SHUTDOWN, false, SIGNAL",
        "FAILED,   ,  SIGTERM, TIMEOUT,  false, TIMEOUT",
        "DONE,     0, ,        TIMEOUT,  false, EXIT",
        "CANCELED, ,  SIGTERM, CANCELED, false, CANCELED",
        "CANCELED, ,  SIGKILL, SHUTDOWN, true,  SHUTDOWN",
        "CANCELED, 0, ,        CANCELED, false, CANCELED",
    })
    void everyEndHasItsCause(
            JobStatus status,
            @Nullable Integer code,
            @Nullable String signal,
            @Nullable EndCause asked,
            boolean outOfMemory,
            EndCause expected) {
        assertThat(EndCause.of(status, new ExitStatus(code, signal), asked, outOfMemory))
                .isEqualTo(expected);
    }

    @Test
    void aRunningJobIsDescribedWithoutAnEnd() {
        assertThatJson(json(WorkerlessJobs.running().snapshot()))
                .isEqualTo("{\"jobId\":\"job-1\",\"status\":\"running\",\"startedAt\":\"2026-01-07T08:09:10.050Z\"}");
        assertThatJson(json(WorkerlessJobs.running(Optional.of("é\n")).snapshot()))
                .isEqualTo(
                        "{\"jobId\":\"job-1\",\"status\":\"running\",\"startedAt\":\"2026-01-07T08:09:10.050Z\",\"label\":\"é\\n\"}");
    }

    @Test
    void anEndedJobIsDescribedWithItsEnd() {
        JobSnapshot ended = new JobSnapshot(
                "j",
                Optional.of("l"),
                JobStatus.FAILED,
                Optional.of(0L),
                Optional.of(1001L),
                Optional.of(EndCause.EXIT),
                Optional.of(new ExitStatus(2, null)),
                Optional.empty(),
                EndDetails.NONE);
        JobSnapshot killed = new JobSnapshot(
                "j",
                Optional.empty(),
                JobStatus.CANCELED,
                Optional.of(0L),
                Optional.of(1001L),
                Optional.of(EndCause.CANCELED),
                Optional.of(WorkerlessJobs.SIGTERM),
                Optional.of("node7"),
                EndDetails.NONE);

        assertThat(json(ended))
                .isEqualTo(
                        "{\"jobId\":\"j\",\"status\":\"failed\",\"startedAt\":\"1970-01-01T00:00:00.000Z\","
                                + "\"finishedAt\":\"1970-01-01T00:00:01.001Z\",\"exitCode\":2,\"label\":\"l\",\"reason\":\"exit\"}");
        assertThat(json(killed))
                .isEqualTo("{\"jobId\":\"j\",\"status\":\"canceled\",\"startedAt\":\"1970-01-01T00:00:00.000Z\","
                        + "\"finishedAt\":\"1970-01-01T00:00:01.001Z\",\"exitCode\":null,\"host\":\"node7\"}");
    }

    @Test
    void theFirstEventSaysWhatWasStarted() {
        assertThatJson(ShellJobs.event(WorkerlessJobs.running(Optional.of("mine")), 0))
                .isEqualTo(
                        "{\"type\":\"progress\",\"content\":{\"jobId\":\"job-1\",\"kind\":\"spawned\",\"command\":\"/bin/codex\","
                                + "\"args\":[\"exec\",\"--json\",\"--sandbox\",\"read-only\",\"--skip-git-repo-check\",\"--\",\"do it\"],"
                                + "\"effectiveSandbox\":\"read-only\",\"label\":\"mine\"},\"timestamp\":\"2026-01-07T08:09:10.050Z\"}");
    }

    @Test
    void theLastEventSaysHowItEnded() {
        Job job = WorkerlessJobs.done(WorkerlessJobs.message("one") + WorkerlessJobs.message("two \\ud83d\\ude00"));
        Job killed = WorkerlessJobs.running();
        killed.exited(WorkerlessJobs.SIGTERM);

        assertThatJson(ShellJobs.event(job, 3))
                .whenIgnoringPaths("timestamp")
                .isEqualTo(
                        "{\"type\":\"final\",\"content\":{\"jobId\":\"job-1\",\"status\":\"done\",\"exitCode\":0,\"exitSignal\":null,"
                                + "\"lastMessage\":\"two 😀\"},\"timestamp\":\"\"}");
        assertThatJson(ShellJobs.event(killed, 1))
                .whenIgnoringPaths("timestamp")
                .isEqualTo(
                        "{\"type\":\"final\",\"content\":{\"jobId\":\"job-1\",\"status\":\"failed\",\"exitCode\":null,"
                                + "\"exitSignal\":\"SIGTERM\",\"lastMessage\":null,\"reason\":\"signal\"},\"timestamp\":\"\"}");
    }

    private static String json(JobSnapshot snapshot) {
        return utf8(Json.bytes(json -> {
            json.writeStartObject();
            snapshot.writeFields(json);
            json.writeEndObject();
        }));
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}

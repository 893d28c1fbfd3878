package dev.codexmcp.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.faults.ShellCodex;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.json.Json;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However many calls interrupt a job, it has one successor, and each call gets its id. */
class InterruptToolTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORK = "exec sleep 1000";

    /** Prints a line once it ignores SIGTERM. */
    private static final String DEAF = "trap '' TERM; echo '{\"type\":\"turn.started\"}'; while :; do sleep 0.1; done";

    @TempDir
    Path scratch;

    private JobEngine jobs;
    private InterruptTool tool;

    /** The threads on which jobs were created. */
    private final Queue<String> spawners = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() {
        ShellCodex.install(scratch);
        CodexCli cli = new CodexCli(Optional.of(scratch.resolve("bin/codex").toString()), "");
        jobs = JobEngine.of(cli, 8);
        tool = new InterruptTool(jobs.registry(), jobs.scheduler(), jobs.timer(), Sandbox.READ_ONLY);
        jobs.registry().listen((job, entered) -> {
            if (entered == JobStatus.QUEUED) {
                spawners.add(Thread.currentThread().getName());
            }
        });
    }

    @AfterEach
    void end() {
        jobs.close();
    }

    private Job spawn(String script) throws JobException {
        return jobs.scheduler()
                .spawn(WorkerParameters.job(
                        script, WorkerOptions.NONE, Optional.empty(), Sandbox.READ_ONLY, Scheduling.NONE));
    }

    private CompletableFuture<ToolResult> interrupt(Job job, int waitMillis)
            throws JobException, BadArgumentException, IOException {
        String arguments =
                "{\"jobId\":\"" + job.id() + "\",\"newPrompt\":\"" + WORK + "\",\"waitMs\":" + waitMillis + "}";
        return tool.call(new Arguments(JSON.readTree(arguments), ""), Caller.UNKNOWN);
    }

    private static JsonNode json(CompletableFuture<ToolResult> answer) throws Exception {
        return JSON.readTree(new String(Json.bytes(((ToolResult.Json) answer.get()).object()), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void oneOfThreeConcurrentInterruptsStartsASuccessorAndAllNameIt(int waitMillis) throws Exception {
        Job old = spawn(WORK);
        List<CompletableFuture<ToolResult>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(interrupt(old, waitMillis));
        }

        JsonNode won = json(answers.get(0));
        String successor = won.path("newJobId").asText();
        assertThat(won.path("respawned").booleanValue()).isTrue();
        assertThat(jobs.registry().list()).extracting(Job::id).containsExactly(old.id(), successor);
        for (CompletableFuture<ToolResult> other : answers.subList(1, 3)) {
            JsonNode lost = json(other);
            assertThat(lost.path("respawned").booleanValue()).isFalse();
            assertThat(lost.path("previousJobId").asText()).isEqualTo(old.id());
            assertThat(lost.path("newJobId").asText()).isEqualTo(successor);
            assertThat(lost.path("reason").asText()).contains("already interrupted");
        }
        assertThat(List.copyOf(spawners)).containsExactly(Thread.currentThread().getName(), "starter");
    }

    @Test
    void aLaterInterruptNamesTheSuccessorToo() throws Exception {
        Job old = spawn(WORK);
        String successor = json(interrupt(old, 60_000)).path("newJobId").asText();
        Polling.until("the old job to end", old::ended);

        JsonNode late = json(interrupt(old, 0));

        assertThat(late.path("previousStatus").asText()).isEqualTo("canceled");
        assertThat(late.path("respawned").booleanValue()).isFalse();
        assertThat(late.path("newJobId").asText()).isEqualTo(successor);
    }

    @Test
    void theSuccessorOfAWorkerThatDoesNotEndInTimeIsNotStartedOnTheTimerThread() throws Exception {
        Job old = spawn(DEAF);
        Polling.until(
                "the worker to ignore SIGTERM", () -> old.output().events().size() == 2);

        JsonNode answer = json(interrupt(old, 1));

        assertThat(answer.path("respawned").booleanValue()).isTrue();
        assertThat(answer.path("previousStatus").asText()).isEqualTo("running");
        assertThat(List.copyOf(spawners)).containsExactly(Thread.currentThread().getName(), "starter");
    }

    @Test
    void aCancelledCallStartsNoSuccessorAndOtherCallsReportThat() throws Exception {
        Job old = spawn(DEAF);
        Polling.until(
                "the worker to ignore SIGTERM", () -> old.output().events().size() == 2);
        CompletableFuture<ToolResult> first = interrupt(old, 60_000);
        CompletableFuture<ToolResult> second = interrupt(old, 60_000);

        first.cancel(false);

        JsonNode answer = json(second);
        assertThat(answer.path("respawned").booleanValue()).isFalse();
        assertThat(answer.has("newJobId")).isFalse();
        assertThat(answer.path("reason").asText()).contains("already interrupted", "no successor");
        assertThat(jobs.registry().list()).containsExactly(old);
    }
}

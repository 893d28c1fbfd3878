package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A cancelled worker ends with all its descendants and writes no more; so do all workers when the server ends. */
class CancelIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @ParameterizedTest
    @CsvSource({
        "NPM_SCRIPT, workspace-write, false",
        "NPM_SCRIPT, workspace-write, true",
        "NPM_SCRIPT, danger-full-access, false",
        "NPM_SCRIPT, danger-full-access, true",
        "NATIVE_BINARY, workspace-write, false",
        "NATIVE_BINARY, workspace-write, true",
        "NATIVE_BINARY, danger-full-access, false",
        "NATIVE_BINARY, danger-full-access, true"
    })
    void aCancelEndsTheWholeTree(CliVariant cli, String sandbox, boolean force) {
        JobTools jobs = new JobTools(bench.start(cli));
        Scribblers scribblers = new Scribblers(bench.workspace());
        String jobId = jobs.spawn(scribblers.prompt(), bench.workspace(), sandbox);
        scribblers.awaitAll();

        assertThat(jobs.cancel(jobId, force)).isTrue();
        JsonNode status = jobs.awaitEnd(jobId);

        ProcessProbe.ofJob(jobId).awaitNone();
        scribblers.assertAllSilent();
        assertThat(status.path("status").asText()).isEqualTo("canceled");
        List<JsonNode> events = jobs.eventsSoFar(jobId);
        assertThat(events)
                .filteredOn(event -> event.path("type").asText().equals("final"))
                .hasSize(1);
        assertThatJson(events.get(events.size() - 1).path("content"))
                .isEqualTo("""
                {jobId: '%s', status: 'canceled', exitCode: null, exitSignal: '%s', lastMessage: null,
                    threadId: '${json-unit.regex}[0-9a-f-]{36}'}
                """.formatted(jobId, force ? "SIGKILL" : "SIGTERM"));
        assertThat(jobs.result(jobId))
                .startsWith("status: canceled\nexitCode: null")
                .contains("modifiedFiles:\n(none)\n");
        assertThat(jobs.cancel(jobId, force)).isFalse();
    }

    @Test
    void aCancelLeavesTheOtherJobsAlone() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        Scribblers cancelled = new Scribblers(bench.folder("cancelled"));
        Scribblers spared = new Scribblers(bench.folder("spared"));
        String one = jobs.spawn(cancelled.prompt(), bench.folder("cancelled"), "workspace-write");
        String two = jobs.spawn(spared.prompt(), bench.folder("spared"), "workspace-write");
        cancelled.awaitAll();
        spared.awaitAll();

        jobs.cancel(one, true);
        jobs.awaitEnd(one);

        ProcessProbe.ofJob(one).awaitNone();
        spared.assertAllBusy();
        assertThat(jobs.status(two).path("status").asText()).isEqualTo("running");
        assertThat(client.call("codex_cancel", Map.of("jobId", "nobody")).text())
                .startsWith("Error in tool \"codex_cancel\": ")
                .contains("nobody", "restart");
    }

    @Test
    void aCancelFreesThePermitOfItsJob() {
        JobTools jobs = new JobTools(bench.start(bench.server().environment(Map.of("CODEX_MCP_MAX_JOBS", "1"))));
        Scribblers scribblers = new Scribblers(bench.workspace());
        String jobId = jobs.spawn(scribblers.prompt(), bench.workspace(), "danger-full-access");
        scribblers.awaitAll();

        jobs.cancel(jobId, false);
        jobs.awaitEnd(jobId);

        String next = jobs.spawn("hello", bench.workspace(), "read-only");
        assertThat(jobs.awaitEnd(next).path("status").asText()).isEqualTo("done");
    }

    /** How a client ends a server. */
    enum End {
        CLOSED_STDIN,
        SIGTERM;

        McpClient.Exit of(McpClient client) {
            return this == CLOSED_STDIN ? client.end() : client.terminate();
        }
    }

    @ParameterizedTest
    @EnumSource
    void allWorkersEndWithTheServer(End end) {
        McpClient client = bench.start(end == End.SIGTERM ? CliVariant.NPM_SCRIPT : CliVariant.NATIVE_BINARY);
        JobTools jobs = new JobTools(client);
        Scribblers inSandbox = new Scribblers(bench.folder("sandbox"));
        Scribblers free = new Scribblers(bench.folder("free"));
        jobs.spawn(inSandbox.prompt(), bench.folder("sandbox"), "workspace-write");
        jobs.spawn(free.prompt(), bench.folder("free"), "danger-full-access");
        inSandbox.awaitAll();
        free.awaitAll();

        McpClient.Exit exit = end.of(client);

        assertThat(exit.code()).isZero();
        bench.processes().awaitNone();
        inSandbox.assertAllSilent();
        free.assertAllSilent();
    }

    @ParameterizedTest
    @EnumSource
    void aKilledServerLeavesNoWorkers(CliVariant cli) {
        McpClient client = bench.start(cli);
        JobTools jobs = new JobTools(client);
        Scribblers inSandbox = new Scribblers(bench.folder("sandbox"));
        Scribblers free = new Scribblers(bench.folder("free"));
        jobs.spawn(inSandbox.prompt(), bench.folder("sandbox"), "workspace-write");
        jobs.spawn(free.prompt(), bench.folder("free"), "danger-full-access");
        jobs.spawn("MODEL:sh sleep 1000", bench.workspace(), "read-only");
        inSandbox.awaitAll();
        free.awaitAll();

        client.kill();

        bench.processes().awaitNone();
        inSandbox.assertAllSilent();
        free.assertAllSilent();
    }

    @Test
    void aCancelledCallEndsItsWorker() {
        McpClient client = bench.start();
        Scribblers scribblers = new Scribblers(bench.workspace());
        McpClient.PendingCall call = client.callAsync(
                "codex",
                Map.of(
                        "prompt",
                        scribblers.prompt(),
                        "workingDirectory",
                        bench.workspace().toString(),
                        "sandbox",
                        "danger-full-access"));
        scribblers.awaitAll();

        client.cancel(call);

        Polling.until("no scribblers", () -> scribblers.processes().isEmpty());
        scribblers.assertAllSilent();
        assertThat(client.call("ping", Map.of()).text()).isEqualTo("pong");
        assertThat(call.isAnswered()).isFalse();
    }
}

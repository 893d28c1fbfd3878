package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.ToolOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs of the real CLI that reach a limit end with everything they have started. */
@Tag("slow")
class LimitsIT {
    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    /** A command that starts others, one of them in a session of its own, and reports that it runs. */
    private String tree(Path running) {
        return "sleep 1000 & setsid sleep 1001 & echo >'" + running + "'; sleep 1002";
    }

    private String spawn(McpClient client, String prompt, Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("prompt", prompt);
        arguments.put("sandbox", "danger-full-access");
        arguments.put("workingDirectory", bench.workspace().toString());
        return new JobTools(client).spawn(arguments);
    }

    private static void assertFailed(JsonNode status, String reason) {
        assertThat(status.path("status").asText()).as(status.toString()).isEqualTo("failed");
        assertThat(status.path("reason").asText()).isEqualTo(reason);
        assertThat(status.has("message")).isFalse();
    }

    @Test
    void aJobThatRunsTooLongEndsWithItsWholeTree() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        Path running = bench.folder("signs").resolve("running");
        String jobId = spawn(client, ModelScript.script().shell(tree(running)).prompt(), Map.of("maxRunMs", 8000));
        Polling.until("the command", () -> Files.exists(running));
        assertThat(ProcessProbe.ofJob(jobId).find()).hasSizeGreaterThanOrEqualTo(4);

        assertFailed(jobs.awaitEnd(jobId), "timeout");

        ProcessProbe.ofJob(jobId).awaitNone();
        assertThat(jobs.result(jobId)).startsWith("status: failed\n").contains("it ran longer than maxRunMs");
    }

    @Test
    void aLongCommandIsNotIdleButASilentModelIs() throws Exception {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        Path folder = bench.folder("signs");
        Path go = folder.resolve("go");
        String command = "echo >'" + folder.resolve("running") + "'; while [ ! -e '" + go + "' ]; do sleep 0.1; done";
        String jobId = spawn(client, ModelScript.script().shell(command).stall().prompt(), Map.of("maxIdleMs", 3000));
        Polling.until("the command", () -> Files.exists(folder.resolve("running")));
        Polling.on("a command that runs twice as long as the limit").until(() -> {
            String doing = client.call("codex_list", Map.of())
                    .json()
                    .path("jobs")
                    .get(0)
                    .path("doing")
                    .asText();
            return doing.matches("runs: .*\\(([6-9]|\\d\\d+) s\\)");
        });
        assertThat(jobs.status(jobId).path("status").asText()).isEqualTo("running");

        Files.createFile(go);

        assertFailed(jobs.awaitEnd(jobId), "idle");
        ProcessProbe.ofJob(jobId).awaitNone();
    }

    @Test
    void aJobThatUsesTooManyTokensEndsBeforeItsTurnDoes() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        ModelScript turns = ModelScript.script();
        for (int i = 0; i < 200; i++) {
            turns.shell("sleep 0.3");
        }
        String jobId = spawn(client, turns.say("done").prompt(), Map.of("maxTokens", 300));
        JsonNode status = jobs.awaitEnd(jobId);

        assertFailed(status, "tokens");
        int used = status.path("usage").path("input").asInt()
                + status.path("usage").path("output").asInt();
        assertThat(used).isGreaterThanOrEqualTo(300);
        assertThat(client.call("codex_list", Map.of()).json().path("tokens").asInt())
                .isEqualTo(used);
        ProcessProbe.ofJob(jobId).awaitNone();
    }

    @Test
    void aFleetThatHasUsedUpItsTokensReportsThat() {
        McpClient client = bench.start(
                bench.server().environment(Map.of("CODEX_MCP_MAX_TOKENS", "100", "CODEX_MCP_MAX_JOBS", "1")));
        JobTools jobs = new JobTools(client);
        String first = jobs.spawn(
                Map.of("prompt", ModelScript.script().gate("go").say("hi").prompt()));
        String queued = jobs.spawn(Map.of("prompt", "hello", "queue", true));
        String dependent = jobs.spawn(Map.of("prompt", "hello", "dependsOn", List.of(queued)));
        bench.model().gate("go").open();

        assertThat(jobs.awaitEnd(first).path("status").asText()).isEqualTo("done");
        JsonNode end = jobs.awaitEnd(queued);
        assertFailed(end, "tokens");
        assertThat(end.has("startedAt")).isFalse();
        assertThat(jobs.awaitEnd(dependent).path("reason").asText()).isIn("dependency", "tokens");
        assertThat(jobs.result(queued)).contains("The job never started", "CODEX_MCP_MAX_TOKENS");
        ToolOutput refused = client.call("codex_spawn", Map.of("prompt", "hello"));
        assertThat(refused.isError()).isTrue();
        assertThat(refused.text()).contains("CODEX_MCP_MAX_TOKENS");
    }
}

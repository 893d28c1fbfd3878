package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.worker.ServerDepth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker of the real CLI starts its own copy of every configured server, and passes few variables on to it. */
class NestedServersIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @Test
    void eachServerKnowsItsNestingDepth() {
        bench.newHome()
                .mcpServer("inner", EndToEndFixture.command(), bench.environment(CliVariant.NPM))
                .create();
        JobTools jobs = new JobTools(bench.start());
        String inner = ModelScript.script().gate("inner").prompt();
        jobs.spawn(
                ModelScript.script()
                        .mcp("inner", "codex_spawn", Map.of("prompt", inner, "sandbox", "read-only"))
                        .gate("outer")
                        .prompt(),
                bench.workspace(),
                "workspace-write");
        bench.model().gate("inner").awaitArrivals(1);
        bench.model().gate("outer").awaitArrivals(1);

        List<ProcessProbe.Found> servers =
                bench.processes().and(ProcessProbe.withCommand("codex-mcp-server.jar")).find().stream()
                        .filter(process -> process.command().contains("dev.codexmcp.Main"))
                        .toList();

        assertThat(servers.stream().map(NestedServersIT::depth)).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void aServerInAWorkerStartsNoWorkersIfTheLimitIsOne() {
        Map<String, String> limited = new HashMap<>(bench.environment(CliVariant.NPM));
        limited.put("CODEX_MCP_MAX_DEPTH", "1");
        bench.newHome().mcpServer("inner", EndToEndFixture.command(), limited).create();
        JobTools jobs = new JobTools(bench.start(bench.server().environment(limited)));

        String job = jobs.spawn(
                ModelScript.script()
                        .as("refusal")
                        .mcp("inner", "codex_spawn", Map.of("prompt", "go deeper", "sandbox", "read-only"))
                        .say("{{refusal}}")
                        .prompt(),
                bench.workspace(),
                "workspace-write");
        jobs.awaitEnd(job);

        assertThat(jobs.result(job)).contains("runs inside a worker, 1 server deep", "its CODEX_MCP_MAX_DEPTH is 1");
    }

    private static int depth(ProcessProbe.Found server) {
        Map<String, String> environment = new HashMap<>();
        for (String entry : server.environment()) {
            int equals = entry.indexOf('=');
            environment.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return ServerDepth.of(
                "CODEX_MCP_JOB", environment, ProcessHandle.of(server.pid()).orElseThrow());
    }
}

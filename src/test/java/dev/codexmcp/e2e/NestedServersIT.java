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
                        .filter(process -> process.command().contains("-jar"))
                        .toList();

        assertThat(servers.stream().map(NestedServersIT::depth)).containsExactlyInAnyOrder(0, 1, 2);
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

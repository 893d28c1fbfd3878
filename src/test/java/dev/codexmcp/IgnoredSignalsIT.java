package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.faults.ShellCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ProcessProbe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is started with signals ignored, as by {@code nohup}. Its workers ignore them too, so that they are
 * protected from a hang-up like the server. A forced cancel and a server shutdown still end them.
 */
class IgnoredSignalsIT {
    private static final String START = "trap '' HUP INT TERM; exec \"$0\"";

    @TempDir
    Path scratch;

    private McpClient start() {
        ShellCodex.install(scratch);
        String launcher = String.valueOf(System.getProperty("codexmcp.launcher"));
        return McpClient.server(List.of("/bin/sh", "-c", START, launcher))
                .environment(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "CODEX_MCP_CODEX_BIN",
                        scratch.resolve("bin/codex").toString()))
                .directory(scratch)
                .start();
    }

    @Test
    void workersSurviveAHangUp() {
        try (McpClient client = start()) {
            JobTools jobs = new JobTools(client);
            String jobId = jobs.spawn(Map.of("prompt", "kill -HUP $$; exit 7"));

            assertThat(jobs.awaitEnd(jobId).path("exitCode").asInt()).isEqualTo(7);
        }
    }

    @Test
    void aForcedCancelAndAServerShutdownEndWorkers() {
        try (McpClient client = start()) {
            JobTools jobs = new JobTools(client);
            ProcessProbe worker = ProcessProbe.inDirectory(scratch).and(ProcessProbe.running("sleep", "1000"));
            String jobId = jobs.spawn(Map.of("prompt", "exec sleep 1000"));
            worker.awaitSome(1);
            assertThat(jobs.cancel(jobId, true)).isTrue();
            worker.awaitNone();

            jobs.spawn(Map.of("prompt", "exec sleep 1000"));
            worker.awaitSome(1);
        }
        ProcessProbe.inDirectory(scratch).awaitNone();
    }
}

package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that wait while others fill the heap start all the same, each once, and none is left behind. */
class QueueInFullHeapIT {
    private static final String QUICK = "echo '{\"type\":\"turn.completed\"}'";

    @TempDir
    Path scratch;

    @SuppressWarnings("NullAway.Init") // by the test
    private ShellClient server;

    @AfterEach
    void end() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    private String spawn(String script, String... dependsOn) {
        return new JobTools(server)
                .spawn(Map.of("prompt", script, "queue", true, "dependsOn", List.of(dependsOn), "maxRunMs", 600_000));
    }

    @Test
    void queuedJobsOutliveTheJobsThatFillTheHeap() throws IOException {
        ShellCodex.install(scratch);
        Path flood = Files.createDirectory(scratch.resolve("flood"));
        server = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_JAVA_OPTS", "-Xmx64m")
                .with("CODEX_MCP_MAX_JOBS", "2")
                .start();
        server.initialize();
        List<String> floods = new ArrayList<>();
        List<String> dependents = new ArrayList<>();
        List<String> chain = new ArrayList<>(List.of(spawn(QUICK)));
        for (int i = 0; i < 4; i++) {
            floods.add(spawn("cd '" + flood + "'; exec yes '\"" + "x".repeat(200) + "\"'"));
            for (int j = 0; j < 50; j++) {
                dependents.add(spawn(QUICK, floods.get(i)));
                chain.add(spawn(QUICK, chain.get(chain.size() - 1)));
            }
        }

        floods.forEach(server::awaitEnd);
        server.awaitEnd(chain.get(chain.size() - 1));
        dependents.forEach(server::awaitEnd);

        JobTools jobs = new JobTools(server);
        assertThat(floods).allSatisfy(job -> {
            JsonNode status = jobs.status(job);
            assertThat(status.path("status").asText()).isEqualTo("failed");
            assertThat(status.path("reason").asText()).isEqualTo("memory");
        });
        assertThat(dependents).allSatisfy(job -> {
            JsonNode status = jobs.status(job);
            assertThat(status.path("status").asText()).isEqualTo("canceled");
            assertThat(status.path("reason").asText()).isEqualTo("dependency");
        });
        assertThat(chain).allMatch(job -> server.status(job).equals("done"));
        JsonNode list = server.call("codex_list", Map.of()).json();
        assertThat(list.path("counts").toString())
                .isEqualTo("{\"queued\":0,\"running\":0,\"done\":201,\"failed\":4,\"canceled\":200}");
        assertThat(list.path("permits").path("used").asInt()).isZero();
        ProcessProbe.inDirectory(flood).awaitNone();
        server.ping();
    }
}

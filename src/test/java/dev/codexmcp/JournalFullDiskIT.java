package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.McpServerCommand;
import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and later is not, costs the journal lines and the jobs nothing. */
class JournalFullDiskIT {
    @TempDir
    Path folder;

    private McpServerCommand server(FakeCodex codex, Path state) {
        return McpClient.server(List.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher"))))
                .environment(Map.of(
                        "XDG_STATE_HOME",
                        state.toString(),
                        "CODEX_MCP_CODEX_BIN",
                        codex.program().toString(),
                        "JAVA_HOME",
                        System.getProperty("java.home")))
                .directory(folder);
    }

    private static String run(McpClient client) {
        JobTools jobs = new JobTools(client);
        String jobId = jobs.spawn(Map.of("prompt", "hello", "sandbox", "read-only"));
        assertThat(jobs.awaitEnd(jobId).path("status").asText()).isEqualTo("done");
        return jobId;
    }

    private static boolean isNoted(Path journal, String jobId) throws IOException {
        if (!Files.isDirectory(journal)) {
            return false;
        }
        try (Stream<Path> files = Files.list(journal)) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains(jobId + "\",\"ended\"")) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void jobsContinueAndLaterOnesAreRecordedAgain() throws Exception {
        Path state = Files.createDirectory(folder.resolve("state"));
        String later;
        try (SmallDisk disk = SmallDisk.mount(state, "1m");
                FakeCodex codex = FakeCodex.brief(folder)) {
            String noted;
            try (McpClient client = server(codex, state).start()) {
                noted = run(client);
                Path journal = state.resolve("codex-mcp-server/journal");
                String first = noted;
                Polling.until("the journal", () -> isNoted(journal, first));
                disk.fill();
                for (int i = 0; i < 20; i++) {
                    run(client);
                }
                disk.empty();
                later = run(client);
            }
            try (McpClient next = server(codex, state).start()) {
                for (String jobId : List.of(noted, later)) {
                    assertThat(next.call("codex_status", Map.of("jobId", jobId)).text())
                            .contains("Its thread is fake-thread, its folder " + folder.toRealPath());
                }
            }
        }
    }
}

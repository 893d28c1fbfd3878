package dev.codexmcp.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.cli.CommandRun;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job has changed, by the control socket of the packaged server. */
class ControlChangesIT {
    @TempDir
    private Path folder;

    private static void git(Path repository, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("git", "-c", "user.name=t", "-c", "user.email=t@localhost");
        builder.command().addAll(List.of(arguments));
        assertThat(builder.directory(repository.toFile()).inheritIO().start().waitFor())
                .isZero();
    }

    @Test
    void theFilesAndTheDifferencesOfAJobAreShown() throws Exception {
        Path repository = Files.createDirectory(folder.resolve("repository"));
        Files.writeString(repository.resolve("tea.txt"), "green 3\n");
        git(repository, "init", "-q");
        git(repository, "add", "-A");
        git(repository, "commit", "-qm", "tea");
        try (FakeCodex codex = FakeCodex.program(folder, "edits", """
                        begin
                        pass_gate
                        echo 'green 4' > '%s/tea.txt'
                        complete
                        """.formatted(repository));
                McpClient client = McpClient.server(List.of(CommandRun.LAUNCHER))
                        .environment(CommandRun.environment(folder))
                        .environment(
                                Map.of("CODEX_MCP_CODEX_BIN", codex.program().toString()))
                        .start()) {
            JobTools jobs = new JobTools(client);
            String id = jobs.spawn(Map.of("prompt", "p", "workingDirectory", repository.toString()));
            Path sockets = folder.resolve("run/codex-mcp-server");
            Polling.until("the socket", () -> !SocketFolder.sockets(sockets).isEmpty());
            try (SocketReader reader =
                    new SocketReader(SocketFolder.sockets(sockets).get(0))) {
                reader.next();
                // A snapshot has been taken before the worker edits.
                reader.ask("{\"op\":\"changes\",\"jobId\":\"" + id + "\"}");
                codex.gate().open();
                jobs.awaitEnd(id);

                JsonNode answer = reader.ask("{\"op\":\"changes\",\"jobId\":\"" + id + "\"}");

                assertThat(answer.path("files").findValuesAsText("path")).containsExactly("tea.txt");
                assertThat(answer.path("patch").asText()).contains("-green 3", "+green 4");
                assertThat(reader.ask("{\"op\":\"changes\",\"jobId\":\"none\"}")
                                .path("error")
                                .asText())
                        .contains("no job");
            }
        }
    }
}

package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ToolOutput;
import dev.codexmcp.testkit.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers that fail or can't be started: the error says why and what to do. */
class FailuresIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @ParameterizedTest
    @EnumSource
    void aFailedTurnIsAFailedJobWithAReportAsItsResult(CliVariant cli) {
        JobTools jobs = new JobTools(bench.start(cli));
        String jobId = jobs.spawn(
                ModelScript.script().addFile("half.txt", "half").fail("no more").prompt(),
                bench.workspace(),
                "workspace-write");

        JsonNode status = jobs.awaitEnd(jobId);

        assertThat(status.path("status").asText()).isEqualTo("failed");
        assertThat(status.path("exitCode").asInt()).isEqualTo(1);
        assertThat(jobs.result(jobId).lines().filter(line -> !line.startsWith("stderr: ")))
                .containsExactly(
                        "status: failed",
                        "exitCode: 1",
                        "modifiedFiles:",
                        bench.workspace().resolve("half.txt").toString(),
                        "error: no more",
                        "The job failed before a message. codex_events with types [\"error\"] shows what went wrong; fix "
                                + "the cause and spawn it again. modifiedFiles lists what its patches changed, not what its "
                                + "shell commands wrote.");
    }

    @Test
    void anErrorOfTheProviderIsAFailedJob() {
        JobTools jobs = new JobTools(bench.start());
        List<String> refused = new ArrayList<>();
        for (int httpStatus : new int[] {400, 401, 429, 500}) {
            String prompt = ModelScript.script().http(httpStatus, "refused").prompt();
            refused.add(jobs.spawn(prompt, bench.workspace(), "read-only"));
        }

        for (String jobId : refused) {
            assertThat(jobs.awaitEnd(jobId).path("status").asText()).isEqualTo("failed");
            assertThat(jobs.result(jobId)).startsWith("status: failed\nexitCode: 1\nmodifiedFiles:\n(none)\nerror: ");
        }
    }

    @Test
    void aCliThatExitsBeforeItsFirstEventIsAFailedJobWithItsStderr() throws IOException {
        Files.writeString(bench.home().directory().resolve("config.toml"), "model = 3");
        JobTools jobs = new JobTools(bench.start());

        String jobId = jobs.spawn("hello", bench.workspace(), "read-only");

        assertThat(jobs.awaitEnd(jobId).path("status").asText()).isEqualTo("failed");
        String[] stderr =
                jobs.fullResult(jobId).path("stderrTail").asText().strip().split("\n", -1);
        assertThat(jobs.result(jobId))
                .startsWith(
                        "status: failed\nexitCode: 1\nmodifiedFiles:\n(none)\nstderr: " + stderr[stderr.length - 1]);
        assertThat(jobs.eventsSoFar(jobId))
                .extracting(event -> event.path("type").asText())
                .containsExactly("progress", "final");
    }

    @Test
    void aMissingFolderIsReportedWithItsField() {
        McpClient client = bench.start();
        String missing = bench.workspace().resolve("missing").toString();

        ToolOutput answer = client.call("codex_spawn", Map.of("prompt", "hello", "workingDirectory", missing));

        assertThat(answer.isError()).isTrue();
        assertThat(answer.text())
                .startsWith("Error in tool \"codex_spawn\": \"workingDirectory\" is \"" + missing + "\"");
    }

    @Test
    void aMissingCliIsReportedWithHowToInstallIt() throws IOException {
        Path missing = bench.workspace().resolve("codex");
        Path noProgram = Files.writeString(bench.folder("plain").resolve("codex"), "not a program");
        Path broken = Files.writeString(bench.folder("broken").resolve("codex"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(spawnErrorWith(Map.of("CODEX_MCP_CODEX_BIN", missing.toString())))
                .startsWith("Error in tool \"codex_spawn\": ")
                .contains(missing.toString(), "CODEX_MCP_CODEX_BIN", "npm install -g @openai/codex");
        assertThat(spawnErrorWith(Map.of("CODEX_MCP_CODEX_BIN", noProgram.toString())))
                .contains(noProgram.toString(), "npm install -g @openai/codex");
        assertThat(spawnErrorWith(Map.of("CODEX_MCP_CODEX_BIN", broken.toString())))
                .contains(broken.toString(), "No such file or directory");
        assertThat(spawnErrorWith(Map.of("CODEX_MCP_CODEX_BIN", "", "PATH", "/usr/bin:/bin")))
                .contains("PATH (/usr/bin:/bin)", "npm install -g @openai/codex");
    }

    private String spawnErrorWith(Map<String, String> environment) {
        McpClient client = bench.start(bench.server().environment(environment));
        ToolOutput answer = client.call("codex_spawn", Map.of("prompt", "hello"));
        assertThat(answer.isError()).as(answer.text()).isTrue();
        assertThat(client.call("ping", Map.of()).text()).isEqualTo("pong");
        return answer.text();
    }

    @Test
    void spawnsPastTheCapAreRefusedUntilAJobEnds() {
        McpClient client = bench.start(bench.server().environment(Map.of("CODEX_MCP_MAX_JOBS", "2")));
        JobTools jobs = new JobTools(client);
        String held = ModelScript.script().gate("end").say("done").prompt();
        String one = jobs.spawn(held, bench.workspace(), "read-only");
        String two = jobs.spawn(held, bench.workspace(), "read-only");

        ToolOutput refused = client.call("codex_spawn", Map.of("prompt", "hello"));
        bench.model().gate("end").open();
        jobs.awaitEnd(one);
        String three = jobs.spawn("hello", bench.workspace(), "read-only");
        jobs.awaitEnd(two);
        jobs.awaitEnd(three);

        assertThat(refused.isError()).isTrue();
        assertThat(refused.text())
                .startsWith("Error in tool \"codex_spawn\": ")
                .contains("2 jobs are running", "CODEX_MCP_MAX_JOBS");
        assertThat(jobs.result(three)).isEqualTo("hello");
    }

    @Test
    void invalidVariablesAreReportedOnStderrAndIgnored() {
        McpClient client = bench.start(bench.server()
                .environment(Map.of("CODEX_MCP_MAX_JOBS", "many", "CODEX_MCP_DEFAULT_SANDBOX", "open-house")));
        JobTools jobs = new JobTools(client);

        String jobId = jobs.spawn(Map.of("prompt", "hello"));
        jobs.awaitEnd(jobId);

        assertThat(jobs.eventsSoFar(jobId)
                        .get(0)
                        .path("content")
                        .path("effectiveSandbox")
                        .asText())
                .isEqualTo("workspace-write");
        assertThat(client.transcript().lines(Transcript.Source.STDERR))
                .extracting(Transcript.Line::text)
                .anyMatch(line -> line.contains("CODEX_MCP_MAX_JOBS") && line.contains("many"))
                .anyMatch(line -> line.contains("CODEX_MCP_DEFAULT_SANDBOX") && line.contains("open-house"));
    }
}

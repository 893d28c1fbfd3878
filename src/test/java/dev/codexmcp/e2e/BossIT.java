package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.CodexRun;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.TestJson;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real CLI as the boss: it loads the server from its configuration, and its model uses the server's tools. */
class BossIT {

    private static final String SERVER = "codex-cli-wrapper";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private Path workspace = Path.of("");

    @BeforeEach
    void configureServer() {
        bench.newHome()
                .mcpServer(SERVER, EndToEndFixture.command(), bench.environment(CliVariant.NPM))
                .create();
        workspace = bench.workspace();
    }

    /** The prompt of a worker that waits for the other one, then writes its file. */
    private static String worker(String file) {
        return ModelScript.script()
                .meet("both", 2)
                .addFile(file, "by " + file)
                .say("wrote " + file)
                .prompt();
    }

    private Map<String, Object> spawn(String prompt, String label, String sandbox) {
        return Map.of("prompt", prompt, "label", label, "sandbox", sandbox, "workingDirectory", workspace.toString());
    }

    private ModelScript twoWorkers() {
        return ModelScript.script()
                .as("one")
                .mcp(SERVER, "codex_spawn", spawn(worker("one.txt"), "first", "workspace-write"))
                .as("two")
                .mcp(SERVER, "codex_spawn", spawn(worker("two.txt"), "second", "workspace-write"))
                .as("any")
                .mcp(
                        SERVER,
                        "codex_wait_any",
                        Map.of("jobIds", List.of("{{one.jobId}}", "{{two.jobId}}"), "timeoutMs", 60_000))
                .mcp(SERVER, "codex_wait_any", Map.of("jobIds", List.of("{{one.jobId}}"), "timeoutMs", 60_000))
                .mcp(SERVER, "codex_wait_any", Map.of("jobIds", List.of("{{two.jobId}}"), "timeoutMs", 60_000))
                .as("status")
                .mcp(SERVER, "codex_status", Map.of("jobId", "{{any.completedJobId}}"))
                .as("first")
                .mcp(SERVER, "codex_result", Map.of("jobId", "{{one.jobId}}"))
                .as("second")
                .mcp(SERVER, "codex_result", Map.of("jobId", "{{two.jobId}}"))
                .say(
                        "{{first}}, {{second}}, timed out: {{any.timedOut}}, status: {{status.status}}, label: {{one.label}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {CodexHome.FUNCTION_MODEL, CodexHome.CODE_MODEL})
    void aBossSpawnsWaitsAndCollects(String model) {
        CodexRun run = CodexRun.exec(
                CliVariant.NPM.path(),
                bench.environment(CliVariant.NPM),
                workspace,
                twoWorkers().prompt(),
                "-m",
                model);

        assertThat(run.completed("agent_message"))
                .extracting(message -> message.path("text").asText())
                .as(run.stderr())
                .containsExactly("wrote one.txt, wrote two.txt, timed out: false, status: done, label: first");
        assertThat(run.completed("mcp_tool_call"))
                .extracting(call ->
                        call.path("tool").asText() + " " + call.path("status").asText())
                .containsExactly(
                        "codex_spawn completed",
                        "codex_spawn completed",
                        "codex_wait_any completed",
                        "codex_wait_any completed",
                        "codex_wait_any completed",
                        "codex_status completed",
                        "codex_result completed",
                        "codex_result completed");
        assertThat(workspace.resolve("one.txt")).hasContent("by one.txt");
        assertThat(workspace.resolve("two.txt")).hasContent("by two.txt");
        assertThat(bench.model().requests(request -> request.model().equals(model)))
                .anyMatch(request -> request.inCodeMode() == model.equals(CodexHome.CODE_MODEL));
        bench.processes().awaitNone();
    }

    @Test
    void aBossInCodeModeRunsAGroupInOneScript() {
        String script = """
                const server = 'mcp__codex_cli_wrapper__';
                const group = await tools[server + 'codex_spawn_group']({
                    jobs: [#ONE, #TWO],
                    defaults: {sandbox: 'workspace-write', workingDirectory: #WORKSPACE}
                });
                let open = group.structuredContent.results.map(result => result.jobId);
                const said = [];
                while (open.length > 0) {
                    const wait = await tools[server + 'codex_wait_any']({jobIds: open, timeoutMs: 60000});
                    const done = wait.structuredContent.completedJobId;
                    open = open.filter(jobId => jobId !== done);
                    said.push((await tools[server + 'codex_result']({jobId: done})).content[0].text);
                }
                text(said.sort().join(' and '));""".replace("#ONE", TestJson.print(Map.of("prompt", worker("one.txt"))))
                .replace("#TWO", TestJson.print(Map.of("prompt", worker("two.txt"))))
                .replace("#WORKSPACE", TestJson.print(workspace.toString()));

        CodexRun run = CodexRun.exec(
                CliVariant.NATIVE_BINARY.path(),
                bench.environment(CliVariant.NATIVE_BINARY),
                workspace,
                ModelScript.script().as("all").javaScript(script).say("{{all}}").prompt(),
                "-m",
                CodexHome.CODE_MODEL);

        assertThat(run.completed("agent_message"))
                .extracting(message -> message.path("text").asText())
                .as(run.stderr())
                .containsExactly("wrote one.txt and wrote two.txt");
    }

    @Test
    void aBossGetsErrorsForItsMistakes() {
        String prompt = ModelScript.script()
                .as("wrong")
                .mcp(SERVER, "codex_spawn", Map.of("prompt", "hello", "sandbox", "wide-open"))
                .as("unknown")
                .mcp(SERVER, "codex_result", Map.of("jobId", "nobody"))
                .say("{{wrong}}\n{{unknown}}")
                .prompt();

        CodexRun run = CodexRun.exec(
                CliVariant.NATIVE_BINARY.path(), bench.environment(CliVariant.NATIVE_BINARY), workspace, prompt);

        assertThat(run.completed("agent_message").get(0).path("text").asText())
                .contains("Error in tool \"codex_spawn\": \"sandbox\" is \"wide-open\"")
                .contains("Error in tool \"codex_result\": Unknown jobId \"nobody\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workspace-write", "danger-full-access"})
    void aBossThatIsKilledLeavesNoWorker(String sandbox) throws Exception {
        Scribblers scribblers = new Scribblers(bench.folder("work"));
        String prompt = ModelScript.script()
                .as("job")
                .mcp(
                        SERVER,
                        "codex_spawn",
                        Map.of(
                                "prompt",
                                scribblers.prompt(),
                                "sandbox",
                                sandbox,
                                "workingDirectory",
                                bench.folder("work").toString()))
                .mcp(SERVER, "codex_wait_any", Map.of("jobIds", List.of("{{job.jobId}}"), "timeoutMs", 60_000))
                .say("never printed")
                .prompt();
        Process boss = startBoss(prompt);
        try {
            scribblers.awaitAll();
        } finally {
            boss.destroyForcibly();
        }

        assertThat(boss.waitFor(1, TimeUnit.MINUTES)).isTrue();
        bench.processes().awaitNone();
        scribblers.assertAllSilent();
    }

    /** Starts the native binary, as a process that can be killed. */
    private Process startBoss(String prompt) throws IOException {
        ProcessBuilder boss = new ProcessBuilder(
                        CliVariant.NATIVE_BINARY.path().toString(),
                        "exec",
                        "--json",
                        "--skip-git-repo-check",
                        "--",
                        prompt)
                .directory(workspace.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(bench.folder("boss").resolve("stdout").toFile())
                .redirectError(bench.folder("boss").resolve("stderr").toFile());
        boss.environment().putAll(bench.environment(CliVariant.NPM));
        return boss.start();
    }
}

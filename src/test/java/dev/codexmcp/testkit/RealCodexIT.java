package dev.codexmcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real CLI and the scripted model alone: each kind of event, as in the recorded lines. */
class RealCodexIT {

    private final RealCodex codex = RealCodex.find();
    private final ModelServer model = ModelServer.start();
    private Path workspace = Path.of("");
    private CodexHome home = CodexHome.create(Path.of("target", "kit", "home"), model);

    @BeforeEach
    void makeHomeAndWorkspace(TestInfo test) throws IOException {
        Path folder = Path.of(
                        "target", "kit", test.getTestMethod().orElseThrow().getName())
                .toAbsolutePath();
        home = CodexHome.create(folder.resolve("home"), model);
        workspace = Files.createDirectories(folder.resolve("workspace"));
        Files.deleteIfExists(workspace.resolve("a.txt"));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void echoesAPromptWithoutAScript() {
        CodexRun run = exec("hello there");

        assertThat(run.kinds())
                .containsExactly("thread.started", "turn.started", "item.completed agent_message", "turn.completed");
        assertThat(run.completed("agent_message").get(0).path("text").asText()).isEqualTo("hello there");
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {CodexHome.FUNCTION_MODEL, CodexHome.CODE_MODEL})
    void showsReasoningCommandsPatchesAndPlans(String modelName) {
        String prompt = ModelScript.script()
                .think("a look around")
                .shell("echo one; exit 3")
                .addFile("a.txt", "hello")
                .updateFile("a.txt", "hello", "bye")
                .plan("[x] first", "second")
                .search("java mcp sdk")
                .as("print")
                .shell("cat a.txt")
                .say("The file says: {{print}}")
                .prompt();

        CodexRun run = exec(prompt, "--sandbox", "workspace-write", "-m", modelName);

        assertThat(run.kinds())
                .containsExactly(
                        "thread.started",
                        "turn.started",
                        "item.completed reasoning",
                        "item.started command_execution",
                        "item.completed command_execution",
                        "item.started file_change",
                        "item.completed file_change",
                        "item.started file_change",
                        "item.completed file_change",
                        "item.started todo_list",
                        "item.started web_search",
                        "item.completed web_search",
                        "item.started command_execution",
                        "item.completed command_execution",
                        "item.completed agent_message",
                        "item.completed todo_list",
                        "turn.completed");
        assertThat(run.completed("command_execution").get(0).path("exit_code").asInt())
                .isEqualTo(3);
        assertThat(run.completed("agent_message").get(0).path("text").asText()).isEqualTo("The file says: bye\n");
        assertThat(workspace.resolve("a.txt")).hasContent("bye");
    }

    @ParameterizedTest
    @ValueSource(strings = {CodexHome.FUNCTION_MODEL, CodexHome.CODE_MODEL})
    void callsTheToolsOfAnMcpServer(String modelName) {
        home = CodexHome.in(home.directory(), model.baseUrl())
                .mcpServer("echo-server", EchoMcpServer.command(), Map.of("MARK", "1"))
                .create();
        String prompt = ModelScript.script()
                .as("plain")
                .mcp("echo-server", "echo", Map.of("text", "a \"b\"\nc", "list", List.of(1, 2)))
                .as("structured")
                .also()
                .mcp("echo-server", "structured", Map.of("jobId", "j-1"))
                .as("failure")
                .mcp("echo-server", "fail", Map.of())
                .until("enough", "true")
                .mcp("echo-server", "count", Map.of("again", "{{plain.list}}"))
                .say("{{plain.text}}, {{structured.jobId}}, {{failure}}, {{4.count}}")
                .prompt();

        CodexRun run = exec(prompt, "-m", modelName);

        assertThat(run.completed("agent_message").get(0).path("text").asText())
                .isEqualTo("a \"b\"\nc, j-1, it failed, 3");
        assertThat(run.completed("mcp_tool_call").stream()
                        .map(call -> call.path("tool").asText()))
                .containsExactly("echo", "structured", "fail", "count", "count", "count");
        assertThat(run.completed("mcp_tool_call").get(3).path("arguments").toString())
                .isEqualTo("{\"again\":[1,2]}");
    }

    @Test
    void writesJavaScriptInCodeMode() {
        CodexRun run = exec(
                ModelScript.script()
                        .as("sum")
                        .javaScript(
                                "const r = await tools.exec_command({cmd: 'echo 20'}); text(parseInt(r.output) + 22);")
                        .say("{{sum}}")
                        .prompt(),
                "-m",
                CodexHome.CODE_MODEL);

        assertThat(run.completed("agent_message").get(0).path("text").asText()).isEqualTo("42");
        assertThat(model.requests()).allMatch(ModelRequest::inCodeMode);
    }

    @Test
    void continuesAResumedThread() {
        CodexRun first =
                exec(ModelScript.script().shell("echo one").say("first").prompt());
        String thread = first.events().get(0).path("thread_id").asText();

        CodexRun second = CodexRun.exec(codex.script(), home.environment(), workspace, "and now?", "resume", thread);

        assertThat(second.completed("agent_message").get(0).path("text").asText())
                .isEqualTo("and now?");
        assertThat(model.requests().get(2).turn()).isEqualTo(2);
    }

    @Test
    void letsTwoWorkersMeet() {
        String prompt = ModelScript.script().meet("half-way", 2).say("met").prompt();

        CompletableFuture<CodexRun> one = CompletableFuture.supplyAsync(() -> exec(prompt));
        CodexRun two = exec(prompt);

        assertThat(two.kinds()).endsWith("turn.completed");
        assertThat(one.join().kinds()).endsWith("turn.completed");
    }

    @Test
    void putsItsMarkOnEveryProcessOfAWorker() {
        Map<String, String> environment = new HashMap<>(home.environment());
        String mark = UUID.randomUUID().toString();
        environment.put("KIT_MARK", mark);
        String prompt = ModelScript.script().shell("sleep 25").prompt();

        for (String sandbox : List.of("read-only", "workspace-write", "danger-full-access")) {
            CompletableFuture<CodexRun> run = CompletableFuture.supplyAsync(
                    () -> CodexRun.exec(codex.script(), environment, workspace, prompt, "--sandbox", sandbox));
            ProcessProbe marked = ProcessProbe.withVariable("KIT_MARK", mark);
            marked.and(ProcessProbe.running("sleep", "25")).awaitSome(1);

            marked.kill();

            marked.awaitNone();
            assertThat(run.join().exitCode()).isNotZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "- list", "--help", "review", "-x", "\uD83D\uDE80 grüße 你好", "say \"hi\""})
    void takesOddPrompts(String prompt) {
        assertThat(exec(prompt).completed("agent_message").get(0).path("text").asText())
                .isEqualTo(prompt);
    }

    @Test
    void deniesWritesInTheReadOnlySandbox() {
        CodexRun run = exec(
                ModelScript.script()
                        .shell("touch a.txt || echo denied")
                        .say("tried")
                        .prompt(),
                "--sandbox",
                "read-only");

        JsonNode command = run.completed("command_execution").get(0);

        assertThat(command.path("aggregated_output").asText()).contains("Read-only file system", "denied");
        assertThat(workspace.resolve("a.txt")).doesNotExist();
    }

    @Test
    void failsTheTurnWhenTheProviderFails() {
        CodexRun run = exec(ModelScript.script().say("so far").fail("no more").prompt());

        assertThat(run.kinds()).endsWith("item.completed agent_message", "error", "turn.failed");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 400, 500, 429})
    void failsTheTurnOnAnHttpError(int status) {
        CodexRun run = exec(ModelScript.script().http(status, "refused").prompt());

        assertThat(run.kinds()).endsWith("error", "turn.failed");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void failsTheTurnWhenTheConnectionBreaks() {
        CodexRun run = exec(ModelScript.script().say("so far").hangUp().prompt());

        assertThat(run.kinds()).endsWith("error", "turn.failed");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void failsTheTurnWhenTheScriptIsBad() {
        CodexRun run = exec("MODEL:dance");

        assertThat(run.events().get(run.events().size() - 1).toString()).contains("no such verb in a script: dance");
    }

    private CodexRun exec(String prompt, String... options) {
        return CodexRun.exec(codex.script(), home.environment(), workspace, prompt, options);
    }
}

package dev.codexmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands jobs, logs and cancel of the packaged server, with servers that run. */
class PeopleCommandsIT {
    private static final String HOSTILE = "<b>\u001b[31m\u202e\u009b2J";

    private static final Pattern COMMANDS =
            Pattern.compile("(dev\\.codexmcp\\.(cli|dashboard)|picocli|org\\.jline|com\\.sun\\.net\\.httpserver)\\..*");

    @TempDir
    private Path folder;

    private CommandRun run(String... arguments) throws IOException, InterruptedException {
        return CommandRun.of(folder, arguments);
    }

    private McpClient server(FakeCodex codex) throws IOException {
        return McpClient.server(List.of(CommandRun.LAUNCHER))
                .environment(CommandRun.environment(folder))
                .environment(Map.of("CODEX_MCP_CODEX_BIN", codex.program().toString()))
                .start();
    }

    private List<Path> sockets() throws IOException {
        Path run = folder.resolve("run/codex-mcp-server");
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(run)) {
            return files.toList();
        }
    }

    @Test
    void theJobsOfAllServersAreListedByLabelAndAsJson() throws Exception {
        try (FakeCodex waiting = FakeCodex.waitsAtTheGate(folder);
                FakeCodex brief = FakeCodex.brief(folder);
                McpClient first = server(waiting);
                McpClient second = server(brief)) {
            new JobTools(first).spawn(Map.of("prompt", "p", "label", "fix-lexer"));
            String done = new JobTools(second).spawn(Map.of("prompt", "p", "label", HOSTILE));
            new JobTools(second).awaitEnd(done);

            Polling.on("the table")
                    .until(
                            () -> run("jobs", "--all"),
                            table -> table.out().lines().count() == 3);
            assertThat(run("jobs").out()).contains("fix-lexer", "running").doesNotContain("done");
            CommandRun all = run("jobs", "--all");
            assertThat(all.out()).contains("<b>\\x1b[31m\\u202e\\x9b2J", "done");
            assertThat(all.out().codePoints()).noneMatch(c -> Character.isISOControl(c) && c != '\n');
            JsonNode json = TestJson.parse(run("jobs", "--all", "--json").out());
            assertThat(json.findValuesAsText("label")).containsExactlyInAnyOrder("fix-lexer", HOSTILE);
            assertThat(json.path(0).path("server").path("pid").asLong()).isPositive();
            assertThat(run("jobs", "--label", "fix-*").out()).contains("fix-lexer");
            assertThat(run("jobs", "--label", "fix").out()).isEmpty();
        }
        assertThat(sockets()).isEmpty();
        assertThat(run("jobs").err()).contains("no server with jobs is running");
    }

    @Test
    void logsFollowAJobToItsEnd() throws Exception {
        try (FakeCodex codex = FakeCodex.waitsAtTheGate(folder);
                McpClient client = server(codex)) {
            String id = new JobTools(client).spawn(Map.of("prompt", "p", "label", "one"));
            Polling.on("the job")
                    .until(() -> run("logs", "one"), logs -> logs.out().contains("starts"));
            assertThat(run("logs", id.substring(0, 6)).out()).doesNotContain("past the gate");

            Process following = CommandRun.start(folder, "logs", "--follow", "one");
            codex.gate().open();
            CommandRun logs = CommandRun.finish(following);

            assertThat(logs.exitCode()).isZero();
            assertThat(logs.out()).contains("past the gate").contains("done, exit code 0");
            assertThat(run("logs", "--json", "one").out().lines())
                    .allSatisfy(
                            line -> assertThat(TestJson.parse(line).has("type")).isTrue());
        }
    }

    @Test
    void waitingEndsWithTheJobsAndSaysHowTheyEnded() throws Exception {
        try (FakeCodex codex = FakeCodex.waitsAtTheGate(folder);
                McpClient client = server(codex)) {
            JobTools jobs = new JobTools(client);
            jobs.spawn(Map.of("prompt", "p", "label", "fix-1"));
            jobs.spawn(Map.of("prompt", "p", "label", "fix-2"));
            String other = jobs.spawn(Map.of("prompt", "p", "label", "other"));
            Polling.on("the jobs")
                    .until(() -> run("jobs"), table -> table.out().lines().count() == 4);

            assertThat(run("jobs", "--wait", "fix-*", "--timeout", "0").exitCode())
                    .isEqualTo(124);
            assertThat(run("jobs", "--wait", "nobody").exitCode()).isEqualTo(3);
            CommandRun canceled = run("cancel", "other");
            assertThat(canceled.out()).isEqualTo("canceled " + other + "\n");
            assertThat(canceled.exitCode()).isZero();
            assertThat(run("jobs", "--wait", "other").exitCode()).isEqualTo(1);
            assertThat(run("cancel", other).exitCode()).isEqualTo(1);
            Process waiting = CommandRun.start(folder, "jobs", "--wait", "fix-*");
            codex.gate().open();
            CommandRun ended = CommandRun.finish(waiting);
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.out().lines().toList())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).startsWith("done"));
        }
    }

    @Test
    void aJobWhoseServerIsKilledCountsAsFailedAndItsSocketIsCleanedUp() throws Exception {
        try (FakeCodex codex = FakeCodex.waitsAtTheGate(folder)) {
            McpClient client = server(codex);
            new JobTools(client).spawn(Map.of("prompt", "p", "label", "one"));
            Polling.on("the job").until(() -> run("jobs"), table -> table.out().contains("one"));
            Process waiting = CommandRun.start(folder, "jobs", "--wait", "one");

            client.kill();

            CommandRun ended = CommandRun.finish(waiting);
            assertThat(ended.exitCode()).isIn(1, 3); // 3: the server was gone before the command had looked
            assertThat(run("jobs").exitCode()).isZero();
        }
    }

    @Test
    void thereIsNoSocketBeforeTheFirstJobAndNoneIfItIsTurnedOff() throws Exception {
        try (FakeCodex codex = FakeCodex.brief(folder);
                McpClient client = server(codex);
                McpClient off = McpClient.server(List.of(CommandRun.LAUNCHER))
                        .environment(CommandRun.environment(folder))
                        .environment(
                                Map.of("CODEX_MCP_CODEX_BIN", codex.program().toString(), "CODEX_MCP_SOCKET", "off"))
                        .start()) {
            client.call("codex_list", Map.of());
            JobTools jobs = new JobTools(off);
            jobs.awaitEnd(jobs.spawn(Map.of("prompt", "p")));
            assertThat(sockets()).isEmpty();

            new JobTools(client).spawn(Map.of("prompt", "p"));
            Polling.until("the socket", () -> sockets().size() == 1);
        }
    }

    @Test
    void aSessionLoadsNothingOfTheCommandsAndNothingOfTheSocketBeforeItsFirstJob() throws Exception {
        Path loaded = folder.resolve("loaded.txt");
        try (FakeCodex codex = FakeCodex.brief(folder);
                McpClient client = McpClient.server(List.of(CommandRun.LAUNCHER))
                        .environment(CommandRun.environment(folder))
                        .environment(Map.of(
                                "CODEX_MCP_CODEX_BIN",
                                codex.program().toString(),
                                "CODEX_MCP_JAVA_OPTS",
                                "-Xlog:class+load=info:file=" + loaded))
                        .start()) {
            client.call("codex_list", Map.of());
            assertThat(classes(loaded)).contains("dev.codexmcp.control.ControlSocket");
            assertThat(classes(loaded)).noneMatch(name -> name.startsWith("dev.codexmcp.control.ControlServer"));

            JobTools jobs = new JobTools(client);
            jobs.awaitEnd(jobs.spawn(Map.of("prompt", "p")));
            Polling.until("the socket", () -> sockets().size() == 1);
            assertThat(run("jobs", "--all").out()).contains("done");

            assertThat(classes(loaded)).noneMatch(COMMANDS.asMatchPredicate());
        }
    }

    private static List<String> classes(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.replaceAll("^(\\[[^]]*\\])*\\s*", "").replaceAll(" .*", ""))
                .toList();
    }

    @Test
    void wrongUsageIsExplained() throws Exception {
        CommandRun unknown = run("jobs", "--no-such-option");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("--no-such-option").contains("codex-mcp-server jobs");
        assertThat(run("jobs", "label").exitCode()).isEqualTo(2);
        assertThat(run("logs").exitCode()).isEqualTo(2);
        assertThat(run("logs", "none").exitCode()).isEqualTo(1);
        for (String command : List.of("jobs", "logs", "cancel")) {
            CommandRun help = run(command, "--help");
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).contains("Usage: codex-mcp-server " + command, "Exit codes");
        }
    }
}

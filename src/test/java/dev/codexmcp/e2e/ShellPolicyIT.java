package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ProcessProbe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Background processes of a worker's commands end with the worker and with the server, however little of the
 * environment the user's configuration lets the commands inherit.
 */
@Tag("slow")
class ShellPolicyIT {
    private static final List<String> SANDBOXES = List.of("read-only", "workspace-write", "danger-full-access");

    /** Leaves an orphaned background process in its own session, then continues. */
    private static final String COMMAND =
            "(/usr/bin/setsid /bin/sleep 100000 </dev/null >/dev/null 2>&1 &) ; /bin/sleep 1000";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private Map<String, Path> spawnInEverySandbox(JobTools jobs) {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (String sandbox : SANDBOXES) {
            Path folder = bench.folder(sandbox);
            String prompt = ModelScript.script().shell(COMMAND).say("over").prompt();
            folders.put(jobs.spawn(prompt, folder, sandbox), folder);
        }
        folders.forEach((job, folder) -> left(folder).awaitSome(1));
        return folders;
    }

    private static ProcessProbe left(Path folder) {
        return ProcessProbe.running("/bin/sleep", "100000").and(ProcessProbe.inDirectory(folder));
    }

    @ParameterizedTest
    @CsvSource({
        "inherit = \"core\", cancel",
        "inherit = \"core\", stdin closed",
        "inherit = \"core\", SIGKILL",
        "inherit = \"none\", cancel",
        "inherit = \"none\", SIGKILL",
        "'include_only = [\"CODEX_MCP_*\"]', cancel",
        "'exclude = [\"CODEX*\"]', cancel",
        "'exclude = [\"CODEX*\"]', SIGKILL"
    })
    void backgroundProcessesEnd(String policy, String end) {
        bench.newHome().config("[shell_environment_policy]\n" + policy).create();
        McpClient client = bench.start(CliVariant.NATIVE_BINARY);
        JobTools jobs = new JobTools(client);
        Map<String, Path> folders = spawnInEverySandbox(jobs);

        switch (end) {
            case "cancel" ->
                folders.keySet().forEach(job -> {
                    assertThat(jobs.cancel(job, false)).isTrue();
                    jobs.awaitEnd(job);
                });
            case "stdin closed" -> client.end();
            default -> client.kill();
        }

        folders.values().forEach(folder -> ProcessProbe.inDirectory(folder).awaitNone());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[shell_environment_policy]\nset = { OF_THE_USER = \"kept\" }",
                "[shell_environment_policy]\ninherit = \"core\"\nset = { OF_THE_USER = \"kept\" }",
                "[shell_environment_policy.set]\nOF_THE_USER = \"kept\"\n",
                "[shell_environment_policy]\ninherit = \"none\"\nignore_default_excludes = true\n"
                        + "[shell_environment_policy.set]\nOF_THE_USER = \"kept\"\nCODEX_MCP_JOB = \"the user's\"",
            })
    void theUsersSettingsStay(String config) {
        bench.newHome().config(config).create();
        McpClient client = bench.start(bench.server().environment(withOuterCookie()));
        JobTools jobs = new JobTools(client);
        String job = jobs.spawn(
                ModelScript.script()
                        .shell("echo \"$OF_THE_USER, $CODEX_MCP_JOB.\"")
                        .say("over")
                        .prompt(),
                bench.workspace(),
                "workspace-write");

        assertThat(jobs.eventsToTheEnd(job).toString()).containsPattern("kept, outer/job [-0-9a-f]+/" + job + "\\.");
    }

    /** The limit that docs/reliability.md names: the CLI applies {@code include_only} last. */
    @Test
    void includeOnlyWithoutTheCookieHidesItFromCommands() {
        bench.newHome()
                .config("[shell_environment_policy]\ninclude_only = [\"PATH\", \"HOME\"]")
                .create();
        JobTools jobs = new JobTools(bench.start());
        String job = jobs.spawn(
                ModelScript.script()
                        .shell("echo \"cookie: $CODEX_MCP_JOB.\"")
                        .say("over")
                        .prompt(),
                bench.workspace(),
                "workspace-write");

        assertThat(jobs.eventsToTheEnd(job).toString()).contains("\"aggregatedOutput\":\"cookie: .");
    }

    private Map<String, String> withOuterCookie() {
        Map<String, String> environment = bench.environment(CliVariant.NATIVE_BINARY);
        environment.put("CODEX_MCP_JOB", "outer/job");
        return environment;
    }

    @Test
    void theFirstEventShowsTheArgumentsWithoutTheCookie() {
        JobTools jobs = new JobTools(bench.start());
        String job = jobs.spawn("hello", bench.workspace(), "read-only");

        assertThat(JobTools.texts(
                        jobs.eventsToTheEnd(job).get(0).path("content").path("args")))
                .containsExactly(
                        "exec",
                        "--json",
                        "--sandbox",
                        "read-only",
                        "-C",
                        bench.workspace().toString(),
                        "--skip-git-repo-check",
                        "--",
                        "hello");
    }
}

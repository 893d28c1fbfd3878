package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.ModelScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real hosts as bosses: {@code install} registers the server, the host's own check finds it, and its model, a local one, runs a
 * worker, the real CLI, in the main loop. Only with {@code ./mvnw -P hosts verify}, since the hosts are large.
 */
@Tag("hosts")
class RealHostsIT {

    private static final String SERVER = "codex-mcp-server";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private final Map<String, String> environment = new HashMap<>();

    private record Outcome(int exitCode, String output) {}

    @ParameterizedTest
    @EnumSource(RealHost.class)
    void theHostAcceptsItsEntryAndRunsTheMainLoop(RealHost host) throws Exception {
        setUp(host);
        try {
            Outcome installed = install(host.word(), "--yes");
            assertThat(installed.exitCode()).as(installed.output()).isZero();
            assertThat(install(host.word(), "--yes").output()).contains("nothing to do");

            assertHealthy(host);
            assertThat(turn(host, mainLoop())).contains("The worker says: hello from a worker, done: done");

            Outcome removed = install(host.word(), "--uninstall", "--yes");
            assertThat(removed.exitCode()).as(removed.output()).isZero();
            assertThat(host.check().isEmpty() ? "" : run("", host.check()).output())
                    .doesNotContain(SERVER);
        } finally {
            if (host.leavesADaemon()) {
                bench.processes().kill();
            }
        }
    }

    /** The entry that {@code install} writes itself, if the host's command is not to be used. */
    @ParameterizedTest
    @EnumSource(RealHost.class)
    void theHostAcceptsAnEditedFile(RealHost host) throws Exception {
        setUp(host);
        try {
            Map<String, String> before = files();

            Outcome installed = install(host.word(), "--edit-files", "--yes");

            assertThat(installed.output()).contains(": wrote ");
            assertHealthy(host);
            assertThat(install(host.word(), "--uninstall", "--yes").exitCode()).isZero();
            assertThat(files()).containsAllEntriesOf(before);
        } finally {
            if (host.leavesADaemon()) {
                bench.processes().kill();
            }
        }
    }

    private void assertHealthy(RealHost host) throws Exception {
        if (!host.check().isEmpty()) {
            assertThat(run("", host.check()).output()).containsPattern(host.healthy());
        }
    }

    private void setUp(RealHost host) throws Exception {
        environment.putAll(bench.environment(CliVariant.NPM));
        environment.put("PATH", host.path() + ":" + System.getenv("PATH"));
        environment.putAll(host.environment(bench.model().baseUrl()));
        host.prepare(Path.of(environment.get("HOME")), bench.model().baseUrl());
        for (List<String> command : host.signIn(bench.model().baseUrl())) {
            assertThat(run("", command).exitCode()).as(command.toString()).isZero();
        }
    }

    /** The lines around the script protect it from hosts that put the prompt into quotes. */
    private String mainLoop() {
        return ModelScript.script()
                .remark("Follow the script:")
                .as("job")
                .mcp(
                        SERVER,
                        "codex_spawn",
                        Map.of(
                                "prompt",
                                "hello from a worker",
                                "sandbox",
                                "read-only",
                                "workingDirectory",
                                bench.workspace().toString()))
                .as("wait")
                .mcp(SERVER, "codex_wait", Map.of("jobIds", List.of("{{job.jobId}}"), "timeoutMs", 30_000))
                .as("result")
                .mcp(SERVER, "codex_result", Map.of("jobId", "{{job.jobId}}"))
                .say("The worker says: {{result}}, done: {{wait.ended.0.status}}")
                .remark("That is all.")
                .prompt();
    }

    private String turn(RealHost host, String prompt) throws Exception {
        Outcome outcome = run(host.input(prompt), host.turn(prompt));
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }

    private Outcome install(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(EndToEndFixture.command());
        command.add("install");
        command.addAll(List.of(arguments));
        return run("", command);
    }

    /** The texts of the host's configuration files. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new HashMap<>();
        Path home = Path.of(environment.get("HOME"));
        for (String name :
                List.of(".gemini/settings.json", ".config/opencode/opencode.jsonc", ".continue/config.yaml")) {
            if (Files.exists(home.resolve(name))) {
                files.put(name, Files.readString(home.resolve(name)));
            }
        }
        return files;
    }

    private Outcome run(String input, List<String> command) throws Exception {
        Path output = bench.folder("host").resolve("output");
        List<String> found = new ArrayList<>(List.of("/usr/bin/env")); // looks for the program on the host's PATH
        found.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(found)
                .directory(bench.folder("project").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(command.toString()).isTrue();
        return new Outcome(process.exitValue(), Files.readString(output));
    }
}

package dev.codexmcp.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.ModelServer;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.RealCodex;
import dev.codexmcp.testkit.ScratchFolders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/demo} shows what it should and leaves nothing behind. */
class DemoIT {

    private static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));
    private static final Path DEMO = LAUNCHER.resolveSibling("demo");
    private static final Path TARGET = LAUNCHER.resolve("../../target").normalize();
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final String mark = UUID.randomUUID().toString();
    private final Map<String, String> environment = new HashMap<>();
    private Path scratch;
    private Path output;

    private record Outcome(int exitCode, String text) {}

    @BeforeEach
    void makeFolders() throws IOException {
        scratch = Files.createDirectory(folder.resolve("scratch"));
        output = folder.resolve("output.txt");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("TMPDIR", scratch.toString());
        environment.put("DEMO_MARK", mark);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        ProcessProbe.withVariable("DEMO_MARK", mark).awaitNone();
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
        try (Stream<Path> left = Files.list(TARGET)) {
            assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("demo-home-"));
        }
    }

    @Test
    void fourWorkersRunTwoAtATimeAndOneTimesOut() throws Exception {
        Outcome demo = demo();

        assertThat(demo.exitCode()).as(demo.text()).isZero();
        assertThat(demo.text()).contains("the real one, ");
        assertThatFourWorkersRan(demo);
    }

    @Test
    void itRunsWithoutACodexCliAndReportsThat() throws Exception {
        environment.put(RealCodex.VARIABLE, folder.resolve("no-codex").toString());

        Outcome demo = demo();

        assertThat(demo.exitCode()).as(demo.text()).isZero();
        assertThat(demo.text()).contains("a stand-in, since no Codex CLI was found");
        assertThatFourWorkersRan(demo);
    }

    private static void assertThatFourWorkersRan(Outcome demo) {
        assertThat(demo.text())
                .containsSubsequence(
                        "spawns     four workers, two at a time", "starts", "starts", "waits      in the queue")
                .containsSubsequence("2 of 2 permits are taken", "running", "running", "queued", "queued")
                .contains("waits for prices", "waits for a permit")
                .containsSubsequence("prices    done", "sign      starts", "sign      done")
                .containsSubsequence("history   starts", "history   failed     timeout")
                .containsSubsequence(
                        "Results", "readme    done", "prices    done", "history   failed    timeout", "sign      done")
                .containsSubsequence(
                        "git diff --stat",
                        " README.md  | 4 ++++",
                        " prices.txt | 2 +-",
                        " sign.txt   | 2 +-",
                        "3 files changed")
                .containsSubsequence("No file was written by two workers.", "HEAD has not moved.")
                .doesNotContain("\u001b", "Exception", "error");
        // On a slow machine, the time may be up before anything was written.
        if (demo.text().contains("echo There was a leaf")) {
            assertThat(demo.text()).contains("restores   history.md");
        }
    }

    @Test
    void aConflictIsRolledBackAndRunInTurn() throws Exception {
        Outcome demo = demo("--conflict");

        assertThat(demo.exitCode()).as(demo.text()).isZero();
        assertThat(demo.text())
                .containsSubsequence(
                        "sees       menu.txt in the modifiedFiles of both",
                        "Green tea · Black tea, added by you · Jam\n",
                        "the line of scones is lost",
                        "restores   menu.txt",
                        "Green tea · Black tea, added by you\n",
                        "scones, alone",
                        "done",
                        "jam, alone",
                        "done")
                .endsWith("""
                        menu.txt
                          Green tea
                          Black tea, added by you
                          Scones
                          Jam

                        Both edits, in order, after yours. notes.txt is as you left it.
                        """)
                .doesNotContain("Exception", "error");
    }

    @Test
    void controlCStopsTheDemoAndItsWorkers() throws Exception {
        // In its own process group, as a terminal starts it: the signal reaches all its processes.
        Process demo = start(List.of("setsid", DEMO.toString()));
        Polling.on("a running worker").atMost(LIMIT).until(() -> text().contains("runs       "));

        new ProcessBuilder("kill", "-INT", "--", "-" + demo.pid()).start().waitFor();

        assertThat(end(demo).exitCode()).isEqualTo(128 + 2);
        assertThat(text()).contains("Stopped.").doesNotContain("Exception", "demo:");
    }

    @Test
    void sigtermStopsItToo() throws Exception {
        Process demo = start(List.of(DEMO.toString(), "--conflict"));
        Polling.on("a running worker").atMost(LIMIT).until(() -> text().contains("runs       "));

        demo.toHandle().destroy();

        assertThat(end(demo).exitCode()).isEqualTo(128 + 15);
        assertThat(text()).contains("Stopped.").doesNotContain("Exception", "demo:");
    }

    @Test
    void theRealCliUsesTheUsersConfiguration() throws Exception {
        try (ModelServer model = ModelServer.start()) {
            // The user's model only repeats its prompt: it does no work, and the boss copes with that.
            environment.putAll(
                    CodexHome.create(TARGET.resolve("demo/user"), model).environment());
            environment.put("CODEX_MCP_CODEX_BIN", RealCodex.find().script().toString());

            Outcome demo = demo("--real");

            assertThat(demo.exitCode()).as(demo.text()).isZero();
            assertThat(demo.text())
                    .contains("codex-cli ", "the model_provider of your config.toml", "charged to your account")
                    .containsSubsequence(
                            "starts", "Results", "readme", "done", "history", "done", "HEAD has not moved.");
            assertThat(model.requests(request -> request.prompt().contains("MODEL:")))
                    .isEmpty();
            assertThat(model.requests(request -> request.prompt().contains("Opening hours")))
                    .hasSize(1);
        }
    }

    @Test
    void theRealCliNeedsALoginBeforeAnythingStarts() throws Exception {
        environment.put(
                "CODEX_HOME",
                ScratchFolders.fresh(TARGET.resolve("demo/nobody")).toString());
        environment.put("CODEX_API_KEY", "");
        environment.put("CODEX_MCP_CODEX_BIN", RealCodex.find().script().toString());

        assertThat(demo("--real")).isEqualTo(new Outcome(1, """
                demo: The Codex CLI has no login here: Not logged in
                Run codex login, or set CODEX_API_KEY. Without --real the demo needs neither.
                """));
    }

    @Test
    void aMissingRealCliIsReportedWithHowToInstallIt() throws Exception {
        environment.put("CODEX_MCP_CODEX_BIN", "/no/codex");

        assertThat(demo("--real")).isEqualTo(new Outcome(1, """
                demo: CODEX_MCP_CODEX_BIN is /no/codex, which is not a program.
                Install it: npm install -g @openai/codex. Without --real the demo needs none.
                """));
    }

    @Test
    void helpExplainsTheOptions() throws Exception {
        assertThat(demo("--help").text()).startsWith("usage: scripts/demo [--conflict | --real] [--slurm | --ssh]\n");
        assertThat(demo("--fast"))
                .isEqualTo(new Outcome(2, "demo: unknown argument \"--fast\", see scripts/demo --help\n"));
        assertThat(demo("--real", "--conflict").exitCode()).isEqualTo(1);
    }

    private Outcome demo(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(DEMO.toString()));
        command.addAll(List.of(options));
        return end(start(command));
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Outcome end(Process demo) throws IOException, InterruptedException {
        try {
            assertThat(demo.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(text())
                    .isTrue();
            return new Outcome(demo.exitValue(), text());
        } finally {
            demo.destroyForcibly();
        }
    }

    private String text() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }
}

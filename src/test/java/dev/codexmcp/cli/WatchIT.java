package dev.codexmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command watch of the packaged server, in a terminal and in a pipe. */
class WatchIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    private Path folder;

    private final AtomicReference<String> seen = new AtomicReference<>("");

    private McpClient server(FakeCodex codex) throws IOException {
        return McpClient.server(List.of(CommandRun.LAUNCHER))
                .environment(CommandRun.environment(folder))
                .environment(Map.of("CODEX_MCP_CODEX_BIN", codex.program().toString()))
                .start();
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(CommandRun.environment(folder));
        builder.environment().put("TERM", "xterm-256color");
        Process process = builder.start();
        Thread reading = new Thread(() -> read(process.getInputStream()), "reading");
        reading.setDaemon(true);
        reading.start();
        return process;
    }

    private void read(InputStream in) {
        byte[] bytes = new byte[8192];
        try {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                String more = new String(bytes, 0, n, StandardCharsets.UTF_8);
                seen.updateAndGet(before -> before + more);
            }
        } catch (IOException e) {
            // The program has ended.
        }
    }

    private void awaitSeen(String text) {
        Polling.on(text).until(seen::get, shown -> shown.contains(text));
    }

    private static void press(Process process, String keys) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(keys.getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    @Test
    void inATerminalKeysOpenAndCancelAJobAndTheTerminalIsLeftAsItWas() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT + " to run a program in a terminal");
        try (FakeCodex codex = FakeCodex.waitsAtTheGate(folder);
                McpClient client = server(codex)) {
            String id = new JobTools(client).spawn(Map.of("prompt", "p", "label", "fix-lexer"));
            Process watch = start(List.of(
                    SCRIPT.toString(),
                    "-qfec",
                    "stty rows 20 cols 100; exec '" + CommandRun.LAUNCHER + "' watch",
                    "/dev/null"));
            awaitSeen("fix-lexer");
            awaitSeen("\u001b[?1049h");
            press(watch, "\r");
            awaitSeen("Esc back");
            press(watch, "\u001b"); // a key of its own, whatever comes after it
            press(watch, "c");
            awaitSeen("Cancel fix-lexer? y/N");
            press(watch, "y");

            assertThat(new JobTools(client).awaitEnd(id).path("status").asText())
                    .isEqualTo("canceled");
            press(watch, "q");
            assertThat(watch.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(watch.exitValue()).isZero();
            awaitSeen("\u001b[?1049l");
        }
    }

    @Test
    void anUnknownTerminalShowsNoStackTrace() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT + " to run a program in a terminal");
        try (FakeCodex codex = FakeCodex.waitsAtTheGate(folder);
                McpClient client = server(codex)) {
            new JobTools(client).spawn(Map.of("prompt", "p", "label", "fix-lexer"));
            Process watch = start(List.of(
                    SCRIPT.toString(),
                    "-qfec",
                    "stty rows 20 cols 100; TERM=unheard-of exec '" + CommandRun.LAUNCHER + "' watch",
                    "/dev/null"));
            awaitSeen("fix-lexer");
            press(watch, "q");

            assertThat(watch.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(watch.exitValue()).isZero();
            assertThat(seen.get()).doesNotContain("WARNING", "Exception");
        }
    }

    @Test
    void inAPipeEachChangeIsALine() throws Exception {
        try (FakeCodex codex = FakeCodex.waitsAtTheGate(folder);
                McpClient client = server(codex)) {
            Process watch = start(List.of(CommandRun.LAUNCHER, "watch"));
            new JobTools(client).spawn(Map.of("prompt", "p", "label", "one\u001b[31m"));
            awaitSeen("running");
            codex.gate().open();
            awaitSeen("done");
            watch.destroy();
            assertThat(watch.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(seen.get()).contains("one\\x1b[31m").doesNotContain("\u001b");
        }
    }
}

package dev.codexmcp.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.cli.CommandRun;
import dev.codexmcp.testkit.Polling;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command dashboard of the packaged server. */
class DashboardCommandIT {
    @TempDir
    private Path folder;

    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    private static String commandLine(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    }

    @Test
    void servesUntilCtrlCWithoutTheTokenOnAnyCommandLineAndLeavesNothing() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path opened = folder.resolve("opened");
        Path opener = bin.resolve("xdg-open");
        Files.writeString(
                opener,
                "#!/bin/sh\nstat -c '%a' \"$1\" > " + opened + ".mode\ncat \"$1\" > " + opened + ".part\necho \"$1\" > "
                        + opened + ".path\nmv " + opened + ".part " + opened + "\n");
        assertThat(opener.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder(CommandRun.LAUNCHER, "dashboard");
        builder.environment().putAll(CommandRun.environment(folder));
        builder.environment().put("DISPLAY", ":99");
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        Process process = builder.start();
        try (BufferedReader out = process.inputReader()) {
            String url = out.readLine();
            URI origin = URI.create(url.substring(0, url.indexOf("/#")));
            String token = url.substring(url.indexOf('=') + 1);
            assertThat(token).hasSizeGreaterThan(40);
            assertThat(RawHttp.status(RawHttp.send(origin, "GET", "/", List.of("Host: " + origin.getAuthority()))))
                    .isEqualTo(200);
            Polling.until("the browser", () -> Files.exists(opened));
            assertThat(Files.readString(opened)).contains(url);
            assertThat(Files.readString(Path.of(opened + ".mode"))).isEqualTo("600\n");
            assertThat(commandLine(process.pid())).doesNotContain(token);
            assertThat(Files.readString(Path.of(opened + ".path"))).doesNotContain(token);

            interrupt(process);

            assertThat(process.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(Path.of(Files.readString(Path.of(opened + ".path")).strip()))
                    .doesNotExist();
            try (Stream<Path> files = Files.walk(folder.resolve("run"))) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenIsReported() throws Exception {
        Process first = CommandRun.start(folder, "dashboard", "--no-open");
        try (BufferedReader out = first.inputReader()) {
            URI origin = URI.create(out.readLine().replaceAll("/#.*", ""));
            Process second =
                    CommandRun.start(folder, "dashboard", "--no-open", "--port", Integer.toString(origin.getPort()));
            assertThat(second.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            try (BufferedReader err = second.errorReader()) {
                assertThat(err.readLine()).contains("is taken").contains("--port");
            }
        } finally {
            first.destroy();
            assertThat(first.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }
}

package dev.codexmcp.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.cli.CommandRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as the dashboard shows it. {@code scripts/picture} keeps the picture, which is the README's. */
class DashboardPictureIT {
    private static final long PAUSE_MILLIS = 400;

    @TempDir
    private Path folder;

    @Test
    void theDemoCanBeWatched() throws Exception {
        Map<String, String> environment = Map.of(
                "XDG_RUNTIME_DIR",
                        Files.createDirectories(folder.resolve("run")).toString(),
                "JAVA_HOME", System.getProperty("java.home"));
        Process dashboard = start(environment, CommandRun.LAUNCHER, "dashboard", "--no-open");
        Path last = folder.resolve("last.png");
        try (BufferedReader url = dashboard.inputReader();
                Chromium browser = new Chromium(1280, 560, false)) {
            browser.open(url.readLine());
            Process demo = start(
                    environment,
                    Path.of(CommandRun.LAUNCHER).resolveSibling("demo").toString());
            while (demo.isAlive()) {
                takePicture(browser, last);
                demo.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
            assertThat(demo.exitValue()).isZero();
            assertThat(last).exists();
            assertThat(browser.complaints()).isEmpty();
        } finally {
            dashboard.destroy();
            dashboard.waitFor();
        }
        String kept = System.getProperty("codexmcp.picture", "");
        if (!kept.isEmpty()) {
            Files.copy(last, Path.of(kept), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The last picture with something to see is the one that is kept. */
    private static void takePicture(Chromium browser, Path picture) throws IOException {
        long jobs = (Long) browser.value("document.querySelectorAll('.rows [data-id]').length");
        long running = (Long) browser.value("document.querySelectorAll('.rows .s-running').length");
        if (jobs >= 4 && running > 0) {
            browser.run(
                    "if (document.querySelector('#detail').hidden) document.querySelector('.rows .s-running').click()");
            browser.picture(picture);
        }
    }

    private static Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        if (command.length == 1) {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        }
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }
}

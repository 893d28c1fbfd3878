package dev.codexmcp.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher is found for a jar in each place that it searches. */
class LauncherTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "target/codex-mcp-server.jar, scripts/codex-mcp-server",
        "lib/codex-mcp-server.jar, scripts/codex-mcp-server",
        "lib/codex-mcp-server.jar, bin/codex-mcp-server",
        "here/codex-mcp-server.jar, here/codex-mcp-server",
    })
    void findsTheLauncherOfAJar(String jar, String launcher) throws Exception {
        Path script = root.resolve(launcher);
        Files.createDirectories(script.getParent());
        Files.createFile(script, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        assertThat(Launcher.find(root.resolve(jar))).contains(script);
    }

    @Test
    void findsNothingIfTheLauncherIsMissing() {
        assertThat(Launcher.find(root.resolve("target/codex-mcp-server.jar"))).isEmpty();
    }
}

package dev.codexmcp.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.RealCodex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts check and install the plugins of this repository with their own commands. Only with {@code ./mvnw -P hosts verify},
 * since the hosts are large.
 */
@Tag("hosts")
class PluginsIT {
    private static final String PLUGIN = "codex-mcp-server";

    /** What the plugins consist of. */
    private static final List<String> PARTS = List.of(
            ".agents", ".claude-plugin", ".codex", ".codex-plugin", "gemini-extension.json", "LICENSE", "README.md");

    @TempDir
    Path scratch;

    private Path repository;

    @BeforeEach
    void copyRepository() throws IOException {
        Path root = Path.of(Objects.requireNonNull(System.getProperty("basedir")));
        repository = scratch.resolve("a clone");
        for (String part : PARTS) {
            try (Stream<Path> files = Files.walk(root.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = repository.resolve(root.relativize(file));
                    Files.createDirectories(copy.resolveSibling(""));
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void claudeCodeValidatesAndInstallsItsPlugin() throws Exception {
        String path = RealHost.CLAUDE_CODE.path();

        assertThat(run(path, "claude", "plugin", "validate", repository.toString()))
                .contains("Validation passed", "skills: " + PLUGIN, "commands: " + PLUGIN + ":delegate");
        run(path, "claude", "plugin", "marketplace", "add", repository.toString());
        run(path, "claude", "plugin", "install", PLUGIN + "@" + PLUGIN);
        assertThat(run(path, "claude", "plugin", "list"))
                .contains(PLUGIN + "@" + PLUGIN, "enabled")
                .doesNotContain("error");
        run(path, "claude", "plugin", "uninstall", PLUGIN + "@" + PLUGIN);
        assertThat(run(path, "claude", "plugin", "list")).doesNotContain(PLUGIN);
    }

    @Test
    void codexInstallsItsPlugin() throws Exception {
        String path = RealCodex.find().script().resolveSibling("").toString();

        run(path, "codex", "plugin", "marketplace", "add", repository.toString());
        run(path, "codex", "plugin", "add", PLUGIN + "@" + PLUGIN);
        assertThat(run(path, "codex", "plugin", "list"))
                .containsPattern(PLUGIN + "@" + PLUGIN + " +installed, enabled");
        assertThat(run(path, "codex", "mcp", "list")).contains(PLUGIN);
        run(path, "codex", "plugin", "remove", PLUGIN + "@" + PLUGIN);
        assertThat(run(path, "codex", "mcp", "list")).doesNotContain(PLUGIN + " ");
    }

    @Test
    void geminiValidatesAndInstallsItsExtension() throws Exception {
        String path = RealHost.GEMINI_CLI.path();

        assertThat(run(path, "gemini", "extensions", "validate", repository.toString()))
                .contains("successfully validated");
        run(path, "gemini", "extensions", "install", repository.toString(), "--consent");
        assertThat(run(path, "gemini", "extensions", "list")).contains(PLUGIN + " (", "MCP servers:", "Enabled");
        run(path, "gemini", "extensions", "uninstall", PLUGIN);
        assertThat(run(path, "gemini", "extensions", "list")).doesNotContain(PLUGIN + " (");
    }

    /** Runs a host in a home of its own, answering yes, and returns what it prints. */
    private String run(String path, String... command) throws Exception {
        Path output = scratch.resolve("output");
        List<String> found = new ArrayList<>(List.of("/usr/bin/env")); // looks for the program on the host's PATH
        found.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(found)
                .directory(Files.createDirectories(scratch.resolve("project")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path + ":" + System.getenv("PATH"));
        builder.environment()
                .put("HOME", Files.createDirectories(scratch.resolve("home")).toString());
        builder.environment().put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write("y\n".getBytes(UTF_8));
        } catch (IOException e) {
            // it has not asked, and has ended
        }
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(found.toString()).isTrue();
        String printed = Files.readString(output);
        assertThat(process.exitValue()).as(found + "\n" + printed).isZero();
        return printed;
    }
}

package dev.codexmcp.install;

import static dev.codexmcp.install.Scripts.LAUNCHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.install.Scripts.Outcome;
import dev.codexmcp.testkit.TestJson;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Claude Code, if it is on PATH or named by CODEX_MCP_TEST_CLAUDE. Its npm package is
 * {@code @anthropic-ai/claude-code}.
 */
class ClaudeCodeIT {
    private static final String FILE = ".claude.json";

    @TempDir
    Path scratch;

    @Test
    void itsOwnCommandAddsAndRemovesTheServer() throws Exception {
        Optional<Path> claude = claude();
        assumeTrue(claude.isPresent(), "no claude on PATH or in CODEX_MCP_TEST_CLAUDE");
        Scripts scripts = new Scripts(scratch);
        scripts.link("claude", claude.get());
        scripts.set("CODEX_HOME", scratch.resolve("a home"));
        Files.writeString(scripts.file(FILE), "{\"mine\": [1, 2], \"mcpServers\": {\"other\": {\"command\": \"x\"}}}");

        Outcome added = scripts.script("install", "claude", "--yes");

        assertThat(added.output()).contains("Claude Code: ran claude mcp add --scope user codex-mcp-server");
        assertThat(added.exitCode()).isZero();
        JsonNode with = TestJson.parse(Files.readString(scripts.file(FILE)));
        assertThat(with.at("/mcpServers/codex-mcp-server"))
                .isEqualTo(TestJson.parse("{\"type\":\"stdio\",\"command\":\"" + LAUNCHER
                        + "\",\"args\":[],\"env\":{\"CODEX_HOME\":\"" + scratch.resolve("a home") + "\"}}"));
        assertThat(scripts.script("install", "claude", "--yes").output()).contains("nothing to do");

        Outcome removed = scripts.script("install", "claude", "--uninstall", "--yes");

        assertThat(removed.output()).contains("Claude Code: ran claude mcp remove --scope user codex-mcp-server");
        assertThat(removed.exitCode()).isZero();
        JsonNode without = TestJson.parse(Files.readString(scripts.file(FILE)));
        assertThat(without.at("/mcpServers")).isEqualTo(TestJson.parse("{\"other\":{\"command\":\"x\"}}"));
        assertThat(without.at("/mine")).isEqualTo(TestJson.parse("[1,2]"));
    }

    private static Optional<Path> claude() {
        String named = System.getenv("CODEX_MCP_TEST_CLAUDE");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "claude"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

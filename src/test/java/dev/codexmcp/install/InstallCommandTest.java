package dev.codexmcp.install;

import static dev.codexmcp.install.ScratchHome.CLAUDE;
import static dev.codexmcp.install.ScratchHome.CODEX;
import static dev.codexmcp.install.ScratchHome.CURSOR;
import static dev.codexmcp.install.ScratchHome.VSCODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.ScratchHome.Outcome;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code install} writes, asks and prints. */
class InstallCommandTest {
    private static final String TOML = """
            # mine
            model = "gpt-5.5"   # this one

            [model_providers.x]
            request_max_retries = 2
            """;

    @TempDir
    Path scratch;

    private ScratchHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new ScratchHome(scratch);
    }

    @Test
    void registersWithEveryHostFound() throws Exception {
        home.program("codex", "exit 0");
        Files.createDirectories(home.file(".claude"));
        Files.createDirectories(home.file(VSCODE).getParent());

        Outcome outcome = home.install("--yes");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("Codex: wrote", "Claude Code: wrote", "VS Code: wrote");
        assertThat(home.file(CURSOR)).doesNotExist();
        assertThat(TestJson.parse(home.read(CLAUDE)))
                .isEqualTo(TestJson.parse("{\"mcpServers\":{\"codex-mcp-server\":{\"type\":\"stdio\",\"command\":\""
                        + home.launcher() + "\",\"args\":[]}}}"));
        assertThat(TestJson.parse(home.read(VSCODE))
                        .at("/servers/codex-mcp-server/command")
                        .asText())
                .isEqualTo(home.launcher().toString());
    }

    @Test
    void aSecondRunChangesNothing() throws Exception {
        home.install("codex", "claude", "cursor", "vscode", "--yes");
        Map<String, String> files = home.files();

        Outcome again = home.install("codex", "claude", "cursor", "vscode", "--yes");

        assertThat(again.exitCode()).isZero();
        assertThat(again.output().lines()).hasSize(4).allMatch(line -> line.contains("nothing to do"));
        assertThat(home.files()).isEqualTo(files);
    }

    @Test
    void asksBeforeItChangesAnything() throws Exception {
        home.write(CODEX, TOML);

        for (String answer : List.of("", "n\n", "\n")) {
            Outcome outcome = home.installAnswering(answer, "codex");

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output())
                    .contains("+[mcp_servers.codex-mcp-server]", "+command = \"" + home.launcher())
                    .contains("Make this change? [y/N]", "nothing was changed");
            assertThat(home.files()).isEqualTo(Map.of(CODEX, TOML));
        }
        assertThat(home.installAnswering("y\n", "codex").exitCode()).isZero();
        assertThat(home.read(CODEX)).startsWith(TOML).contains("\ncommand = \"" + home.launcher());
    }

    @Test
    void aDryRunOnlyShowsTheChange() throws Exception {
        Outcome outcome = home.install("cursor", "--dry-run");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("+++ " + home.file(CURSOR), "+    \"codex-mcp-server\": {");
        assertThat(home.files()).isEmpty();
    }

    @Test
    void anExistingEntryGetsTheCommandAndKeepsTheRest() throws Exception {
        home.write(CODEX, """
                [mcp_servers.codex-mcp-server]
                command = "npx"
                args = ["-y", "codex-mcp-server"]
                tool_timeout_sec = 60 # mine

                [mcp_servers.codex-mcp-server.env]
                CODEX_MCP_MAX_JOBS = "3"

                [other]
                """);
        home.write(CURSOR, """
                {"mcpServers": {"codex-mcp-server": {"command": "npx", "args": ["-y", "x"], "env": {"A": "1"}}}}
                """);
        Map<String, String> files = home.files();

        assertThat(home.install("codex", "cursor", "--yes").exitCode()).isZero();

        assertThat(home.read(CODEX))
                .startsWith("[mcp_servers.codex-mcp-server]\ncommand = \"" + home.launcher()
                        + "\"\nargs = []\ntool_timeout_sec = 60 # mine\ndefault_tools_approval_mode = \"approve\"\n")
                .endsWith("""
                        ]

                        [mcp_servers.codex-mcp-server.env]
                        CODEX_MCP_MAX_JOBS = "3"
                        CODEX_MCP_MAX_WAIT_MS = "50000"

                        [other]
                        """);
        assertThat(home.read(CURSOR))
                .isEqualTo("{\"mcpServers\": {\"codex-mcp-server\": {\"command\": \"" + home.launcher()
                        + "\", \"args\": [], \"env\": {\"A\": \"1\"}}}}\n");
        assertThat(home.install("codex", "cursor", "--yes").output().lines())
                .allMatch(line -> line.contains("nothing to do"));

        assertThat(home.install("codex", "cursor", "--uninstall", "--yes").exitCode())
                .isZero();
        assertThat(home.files()).isEqualTo(files);
    }

    @Test
    void removesAProjectsFilesAndEmptyFolders() throws Exception {
        Path project = Files.createDirectory(home.scratch().resolve("project"));

        assertThat(home.install("codex", "claude", "cursor", "vscode", "--project=" + project, "--yes")
                        .exitCode())
                .isZero();
        assertThat(ScratchHome.listed(project))
                .containsExactlyInAnyOrder(".codex/config.toml", ".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json");
        assertThat(home.file(CODEX)).doesNotExist();

        assertThat(home.install("--project=" + project, "--uninstall", "--yes").exitCode())
                .isZero();
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void leavesAPortableEntryAlone() throws Exception {
        Path clone = home.scratch().resolve("v2");
        Path file = Files.createDirectories(clone.resolve(".codex")).resolve("config.toml");
        String tracked = """
                [mcp_servers.codex-mcp-server]
                command = "sh"
                args = ["-c", 'exec "$(git rev-parse --show-toplevel)/scripts/codex-mcp-server"']
                """;
        Files.writeString(file, tracked);

        assertThat(home.install("codex", "--project=" + clone, "--yes").output())
                .contains("nothing to do");
        assertThat(file).hasContent(tracked);
    }

    @Test
    void passesTheWorkersConfigurationInTheEntry() throws Exception {
        Path codexHome = Files.createDirectory(home.scratch().resolve("codex home"));
        home.set("CODEX_HOME", codexHome);

        home.install("codex", "claude", "--yes");

        assertThat(codexHome.resolve("config.toml"))
                .content()
                .contains("env_vars = [")
                .contains("\"CODEX_HOME\"");
        assertThat(TestJson.parse(home.read(CLAUDE)).at("/mcpServers/codex-mcp-server/env"))
                .isEqualTo(TestJson.parse("{\"CODEX_HOME\":\"" + codexHome + "\"}"));
    }

    @Test
    void setsJavaHomeInTheEntryIfTheServerNeedsIt() throws Exception {
        Files.writeString(home.launcher(), "#!/bin/sh\n[ -n \"${JAVA_HOME-}\" ]\n");
        home.set("JAVA_HOME", "/a/java");

        assertThat(home.install("codex", "cursor", "--yes").exitCode()).isZero();

        assertThat(home.read(CODEX))
                .contains("env = { CODEX_MCP_MAX_WAIT_MS = \"3590000\", JAVA_HOME = \"/a/java\" }")
                .doesNotContain("\"JAVA_HOME\"");
        assertThat(TestJson.parse(home.read(CURSOR))
                        .at("/mcpServers/codex-mcp-server/env/JAVA_HOME")
                        .asText())
                .isEqualTo("/a/java");
    }

    @Test
    void restoresTheFileIfTheCodexCliRejectsIt() throws Exception {
        home.program("codex", "echo 'unknown field' >&2; exit 1");
        home.write(CODEX, TOML);

        Outcome outcome = home.install("codex", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("does not accept", "restored", "unknown field");
        assertThat(home.files()).isEqualTo(Map.of(CODEX, TOML));
    }

    @Test
    void reportsInvalidArguments() throws Exception {
        assertThat(home.install("emacs").exitCode()).isEqualTo(2);
        assertThat(home.install("codex", "--name=a b").exitCode()).isEqualTo(2);
        assertThat(home.install("codex", "--project=/nowhere").exitCode()).isEqualTo(2);
        assertThat(home.install().output()).contains("no host was found");
        assertThat(home.install("--help"))
                .satisfies(help -> assertThat(help.exitCode()).isZero())
                .satisfies(help -> assertThat(help.output()).contains("usage:", "--uninstall"));
    }
}

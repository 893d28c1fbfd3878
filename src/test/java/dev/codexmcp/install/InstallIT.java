package dev.codexmcp.install;

import static dev.codexmcp.install.Scripts.LAUNCHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.Scripts.Outcome;
import dev.codexmcp.testkit.RealCodex;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/install} and {@code codex-mcp-server install}, as a user runs them. */
class InstallIT {
    private static final String CODEX = ".codex/config.toml";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    @TempDir
    Path scratch;

    private Scripts scripts;

    @BeforeEach
    void makeHome() throws Exception {
        scripts = new Scripts(scratch);
        Files.createDirectory(scripts.file(".codex"));
    }

    @Test
    void theCodexCliAcceptsItsEntryWithApprovalAndTimeout() throws Exception {
        Path codex = scripts.link("codex", RealCodex.find().binary());

        assertThat(scripts.script("install", "codex", "--yes").exitCode()).isZero();

        assertThat(scripts.run("", List.of(codex.toString(), "mcp", "get", "codex-mcp-server"))
                        .output())
                .contains("command: " + LAUNCHER)
                .contains("default_tools_approval_mode: approve")
                .contains("tool_timeout_sec: 3600")
                .contains("CODEX_HOME=");
        assertThat(scripts.run("", List.of(codex.toString(), "mcp", "list")).output())
                .contains("codex-mcp-server")
                .contains("enabled");
    }

    @Test
    void theEntriesOfTheDocumentationAreValid() throws Exception {
        String page = Files.readString(LAUNCHER.resolve("../../docs/hosts.md").normalize());
        Path codex = RealCodex.find().binary();
        Files.writeString(scripts.file(CODEX), block(page, "toml"));

        assertThat(scripts.run("", List.of(codex.toString(), "mcp", "get", "codex-mcp-server"))
                        .output())
                .contains("enabled: true", "default_tools_approval_mode: approve", "tool_timeout_sec: 3600")
                .contains("env: CODEX_MCP_MAX_WAIT_MS=");
        assertThat(BLOCK.matcher(page).results().filter(block -> block.group(1).equals("json")))
                .hasSize(5)
                .allSatisfy(block -> assertThat(TestJson.parse(block.group(2)).findValue("command"))
                        .isNotNull());
    }

    private static String block(String page, String language) {
        return BLOCK.matcher(page)
                .results()
                .filter(block -> block.group(1).equals(language))
                .findFirst()
                .orElseThrow()
                .group(2);
    }

    @Test
    void asksOnTheTerminalAndUndoesItsChange() throws Exception {
        Files.writeString(scripts.file(CODEX), "# m\u00efne\n");
        List<String> install = List.of(LAUNCHER.toString(), "install", "codex");

        assertThat(scripts.run("n\n", install).exitCode()).isEqualTo(1);
        assertThat(scripts.file(CODEX)).hasContent("# m\u00efne\n");

        assertThat(scripts.run("y\n", install).output()).contains("[y/N]", "Codex: wrote");
        assertThat(scripts.file(CODEX)).content().contains("\ncommand = \"" + LAUNCHER + "\"");

        assertThat(scripts.script("install", "--uninstall", "--yes").exitCode()).isZero();
        assertThat(scripts.file(CODEX)).hasContent("# m\u00efne\n");
    }

    @Test
    void setsJavaHomeInTheEntryIfThereIsNoJavaOnPath() throws Exception {
        scripts.withoutJavaOnPath();

        assertThat(scripts.script("install", "codex", "--yes").exitCode()).isZero();

        assertThat(scripts.file(CODEX))
                .content()
                .contains("env = { CODEX_MCP_MAX_WAIT_MS = \"3590000\", JAVA_HOME = \""
                        + System.getProperty("java.home") + "\" }");
    }

    @Test
    void leavesTheRegistrationOfThisRepositoryAlone() throws Exception {
        Path clone = LAUNCHER.resolve("../..").normalize();
        String tracked = Files.readString(clone.resolve(CODEX));

        assertThat(scripts.script("install", "codex", "--project=" + clone, "--yes")
                        .output())
                .contains("nothing to do");
        assertThat(clone.resolve(CODEX)).hasContent(tracked);
    }

    /** A limit on the file size simulates a full disk. */
    @Test
    void leavesTheFileIntactOnAFullDisk() throws Exception {
        String text = "# mine\n".repeat(100_000);
        Files.writeString(scripts.file(CODEX), text);

        Outcome outcome = scripts.run(
                "",
                List.of(
                        "/bin/sh",
                        "-c",
                        "ulimit -f 100; exec \"$0\" \"$@\"",
                        LAUNCHER.resolveSibling("install").toString(),
                        "codex",
                        "--yes"));

        assertThat(outcome.output())
                .contains("install: Codex: cannot write " + scripts.file(CODEX), "The file is unchanged");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(scripts.file(CODEX)).hasContent(text);
        assertThat(scripts.file(".codex")).isDirectoryNotContaining(file -> !file.endsWith("config.toml"));
        assertThat(scripts.file(".local/state/codex-mcp-server")).doesNotExist();
    }

    @Test
    void aSessionLoadsNoneOfItsClasses() throws Exception {
        Path loaded = scratch.resolve("loaded.txt");
        scripts.set("CODEX_MCP_JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
        String session = """
                {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}
                {"jsonrpc":"2.0","method":"notifications/initialized"}
                {"jsonrpc":"2.0","id":2,"method":"tools/list"}
                """;

        assertThat(scripts.run(session, List.of(LAUNCHER.toString())).output()).contains("inputSchema");

        assertThat(loaded)
                .content()
                .contains("dev.codexmcp.Main")
                .doesNotContain("dev.codexmcp.install", "jackson.dataformat", "org.snakeyaml");
    }

    @Test
    void reportsInvalidArguments() throws Exception {
        assertThat(scripts.script("install", "emacs"))
                .satisfies(unknown -> assertThat(unknown.exitCode()).isEqualTo(2))
                .satisfies(unknown -> assertThat(unknown.output()).contains("unknown argument \"emacs\"", "usage:"));
        assertThat(scripts.script("install", "--help"))
                .satisfies(help -> assertThat(help.exitCode()).isZero())
                .satisfies(help -> assertThat(help.output()).contains("usage:", "--uninstall"));
        scripts.set("JAVA_HOME", scratch);
        assertThat(scripts.script("install", "codex").output()).contains("no bin/java");
    }
}

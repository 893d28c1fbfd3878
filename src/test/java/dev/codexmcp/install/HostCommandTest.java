package dev.codexmcp.install;

import static dev.codexmcp.install.ScratchHome.CLAUDE;
import static dev.codexmcp.install.ScratchHome.VSCODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.ScratchHome.Outcome;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts with their own command, with a stand-in for the host's program on PATH. */
class HostCommandTest {
    /** Records its arguments, and edits its file like the real command. */
    private static final String STAND_IN_CLAUDE = """
            echo "$*" >>"$HOME/calls"
            case "$2" in
            add) for command; do :; done
                printf '{"started": 1, "mcpServers": {"codex-mcp-server": {"command": "%s", "env": {}}}}' "$command" ;;
            remove) printf '{"started": 2, "mcpServers": {}}' ;;
            esac >"$HOME/.claude.json"
            """;

    @TempDir
    Path scratch;

    private ScratchHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new ScratchHome(scratch);
    }

    @Test
    void asksAndThenLeavesTheChangeToTheHost() throws Exception {
        home.program("claude", STAND_IN_CLAUDE);
        home.set("CODEX_HOME", "/a home");

        Outcome refused = home.installAnswering("n\n", "claude");
        assertThat(refused.output())
                .contains("claude mcp add --scope user codex-mcp-server -e 'CODEX_HOME=/a home' --");
        assertThat(home.files()).isEmpty();

        Outcome agreed = home.installAnswering("y\n", "claude");
        assertThat(agreed.exitCode()).isZero();
        assertThat(agreed.output()).contains("Claude Code: ran claude mcp add");
        assertThat(home.read("calls"))
                .isEqualTo("mcp add --scope user codex-mcp-server -e CODEX_HOME=/a home -- " + home.launcher() + "\n");
    }

    @Test
    void undoesTheHostsCommandWithItsCounterpart() throws Exception {
        home.program("claude", STAND_IN_CLAUDE);
        home.install("claude", "--yes");
        Files.delete(home.file("calls"));

        Outcome outcome = home.install("--uninstall", "--yes");

        assertThat(outcome.exitCode()).isZero();
        assertThat(home.read("calls")).isEqualTo("mcp remove --scope user codex-mcp-server\n");
        assertThat(home.file(".local/state/codex-mcp-server")).doesNotExist();
    }

    @Test
    void editsTheFileIfTheHostsProgramIsGone() throws Exception {
        home.program("claude", STAND_IN_CLAUDE);
        home.install("claude", "--yes");
        Files.delete(home.scratch().resolve("bin/claude"));

        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();

        assertThat(home.read(CLAUDE)).isEqualTo("{\"started\": 1, \"mcpServers\": {}}");
    }

    @Test
    void undoesAFileEditWithAFileEdit() throws Exception {
        home.write(CLAUDE, "{\"mine\": 1}\n");
        home.install("claude", "--yes");
        home.program("claude", STAND_IN_CLAUDE);

        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();

        assertThat(home.read(CLAUDE)).isEqualTo("{\"mine\": 1}\n");
        assertThat(home.file("calls")).doesNotExist();
    }

    /** The command would refuse the name and could not keep the user's settings. */
    @Test
    void editsAnExistingEntry() throws Exception {
        home.program("claude", STAND_IN_CLAUDE);
        home.write(CLAUDE, "{\"mcpServers\": {\"codex-mcp-server\": {\"command\": \"npx\", \"env\": {\"A\": \"1\"}}}}");

        assertThat(home.install("claude", "--yes").exitCode()).isZero();

        assertThat(home.read(CLAUDE))
                .isEqualTo("{\"mcpServers\": {\"codex-mcp-server\": {\"command\": \"" + home.launcher()
                        + "\", \"env\": {\"A\": \"1\"}}}}");
        assertThat(home.file("calls")).doesNotExist();
    }

    @Test
    void editsProjectFilesAndFilesOnRequest() throws Exception {
        home.program("claude", STAND_IN_CLAUDE);
        Path project = Files.createDirectory(home.scratch().resolve("project"));

        home.install("claude", "--project=" + project, "--yes");
        home.install("claude", "--edit-files", "--yes");

        assertThat(project.resolve(".mcp.json")).exists();
        assertThat(home.file(CLAUDE)).exists();
        assertThat(home.file("calls")).doesNotExist();
    }

    @Test
    void reportsThatTheHostsCommandFailed() throws Exception {
        home.program("claude", "echo 'not today' >&2; exit 3");

        Outcome outcome = home.install("claude", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("the command failed", "not today", "--edit-files");
        assertThat(home.files()).isEmpty();
    }

    @Test
    void verifiesTheResultOfTheHostsCommand() throws Exception {
        home.program("code", "exit 0");

        Outcome outcome = home.install("vscode", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains(home.file(VSCODE) + " does not have the entry", "--edit-files");
    }

    @Test
    void addsWithTheVsCodeCommandAndRemovesByEditing() throws Exception {
        home.program("code", """
                [ "$1" = --add-mcp ] || exit 9
                mkdir -p "$HOME/%1$s"
                printf '%%s' "$2" >"$HOME/argument"
                printf '{\\n\\t// mine\\n\\t"servers": {\\n\\t\\t"codex-mcp-server": %%s\\n\\t}\\n}' "$2" >"$HOME/%1$s/mcp.json"
                """.formatted(VSCODE.substring(0, VSCODE.lastIndexOf('/'))));

        Outcome added = home.install("vscode", "--yes");
        assertThat(added.exitCode()).as(added.output()).isZero();
        assertThat(TestJson.parse(home.read("argument")))
                .isEqualTo(TestJson.parse("{\"name\":\"codex-mcp-server\",\"type\":\"stdio\",\"command\":\""
                        + home.launcher() + "\",\"args\":[]}"));

        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();
        assertThat(home.read(VSCODE)).isEqualTo("{\n\t// mine\n\t\"servers\": {\n\t}\n}");
    }
}

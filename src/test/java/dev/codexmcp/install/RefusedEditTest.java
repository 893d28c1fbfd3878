package dev.codexmcp.install;

import static dev.codexmcp.install.ScratchHome.CODEX;
import static dev.codexmcp.install.ScratchHome.CURSOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.ScratchHome.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that {@code install} refuses to change, and its messages. */
class RefusedEditTest {
    @TempDir
    Path scratch;

    private ScratchHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new ScratchHome(scratch);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mcp_servers = { other = { command = \"x\" } }\n",
                "[mcp_servers]\ncodex-mcp-server = { command = \"x\" }\n",
                "mcp_servers.codex-mcp-server.command = \"x\"\n",
                "[mcp_servers.codex-mcp-server]\ncommand = \"x\"\nenv.A = \"1\"\n",
            })
    void showsTheEntryToPasteIfTheFileCannotBeEdited(String text) throws Exception {
        home.write(CODEX, text);
        home.set("JAVA_HOME", "/a/java");
        Files.writeString(home.launcher(), "#!/bin/sh\n[ -n \"${JAVA_HOME-}\" ]\n");

        Outcome outcome = home.install("codex", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains(home.file(CODEX) + ", line ", "stays unchanged", "by hand")
                .contains("[mcp_servers.codex-mcp-server]\ncommand = \"" + home.launcher());
        assertThat(home.files()).isEqualTo(Map.of(CODEX, text));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "1, `model = \n`",
                "2, `[mcp_servers.other]\ncommand = \"no end\n`",
                "3, `a = 1\nb = 2\na = 3\n`",
                "3, `a = 1\nb = 2\na = 3`",
                "2, `[t]\n[t]\n`",
                "1, `a = 1 b = 2`",
            })
    void reportsTheLineOfInvalidToml(int line, String text) throws Exception {
        assertRefused("codex", CODEX, line, text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "2, `{\n\"mcpServers\": {`",
                "1, `[1]`",
                "2, `{\n\"a\": nothing}`",
                "3, `{\n\"a\": 1,\n\"a\": 2}`",
                "1, `{\"a\": 1} {}`",
                "2, `{\"a\": 1\n\"b\": 2}`",
            })
    void reportsTheLineOfInvalidJson(int line, String text) throws Exception {
        assertRefused("cursor", CURSOR, line, text);
    }

    private void assertRefused(String host, String file, int line, String text) throws Exception {
        home.write(file, text);

        Outcome outcome = home.install(host, "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains(home.file(file) + ", line " + line + ": ", "stays unchanged", "correct that line");
        assertThat(home.files()).isEqualTo(Map.of(file, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mcpServers\": []}",
                "{\"mcpServers\": {\"codex-mcp-server\": 3}}",
                "{\"mcpServers\": {\"codex-mcp-server\": {\"url\": \"http://127.0.0.1/\"}}}",
                "{\"mcpServers\": {\"codex-mcp-server\": {\"type\": \"sse\"}}}",
            })
    void leavesOtherKindsOfEntriesAlone(String text) throws Exception {
        home.write(CURSOR, text);

        assertThat(home.install("cursor", "--yes").exitCode()).isEqualTo(1);
        assertThat(home.files()).isEqualTo(Map.of(CURSOR, text));
    }

    @Test
    void leavesAFileAloneThatIsNotUtf8() throws Exception {
        byte[] latin = "a = \"\u00e4\"\n".getBytes(StandardCharsets.ISO_8859_1);
        home.write(CODEX, "");
        Files.write(home.file(CODEX), latin);

        Outcome outcome = home.install("codex", "--yes");

        assertThat(outcome.output()).contains("is not UTF-8");
        assertThat(home.file(CODEX)).hasBinaryContent(latin);
    }

    @Test
    void changesTheOtherHostsAnyway() throws Exception {
        home.write(CODEX, "a = \n");

        Outcome outcome = home.install("codex", "cursor", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("install: Codex: ", "Cursor: wrote");
    }
}

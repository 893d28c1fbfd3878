package dev.codexmcp.install;

import static dev.codexmcp.install.ScratchHome.CLAUDE;
import static dev.codexmcp.install.ScratchHome.CODEX;
import static dev.codexmcp.install.ScratchHome.CURSOR;
import static dev.codexmcp.install.ScratchHome.VSCODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.ScratchHome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code install --uninstall} undoes, and what it keeps. */
class UninstallTest {
    private static final String TOML = """
            # mine
            model = "gpt-5.5"   # this one

            [mcp_servers.other]
            command = "other"   # with a comment
            args = [ "#", # ] [
              '[mcp_servers.codex-mcp-server]' ]

            [notes]
            text = ""\"
            [mcp_servers.codex-mcp-server]
            ""\"
            """;
    private static final String COMMENTED = """
            {
            \t// mine
            \t"inputs": [],
            \t"servers": {
            \t\t"other": { "command": "other", "args": ["//", "/*"] }, // the other one
            \t},
            }
            """;

    @TempDir
    Path scratch;

    private ScratchHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new ScratchHome(scratch);
    }

    static Stream<Arguments> filesOfHosts() {
        return Stream.of(
                Arguments.of("codex", CODEX, TOML),
                Arguments.of("codex", CODEX, TOML.replace("\n", "\r\n")),
                Arguments.of("codex", CODEX, "model = \"no line feed\""),
                Arguments.of("codex", CODEX, "\uFEFFmodel = \"a byte order mark\"\n"),
                Arguments.of("codex", CODEX, "\n"),
                Arguments.of("codex", CODEX, "# a comment\n"),
                Arguments.of("codex", CODEX, "[mcp_servers]\n\n[mcp_servers.\"a.b\"]\nurl='http://127.0.0.1/'\n\n\n"),
                Arguments.of("claude", CLAUDE, "{\"n\":3,\"mcpServers\":{},\"projects\":{\"/a\":{\"x\":[1,2]}}}"),
                Arguments.of("claude", CLAUDE, "{}"),
                Arguments.of("cursor", CURSOR, "{\n    \"mcpServers\": {\n        \"a\": {}\n    }\n}"),
                Arguments.of("cursor", CURSOR, "{\r\n  \"mcpServers\": {\r\n  }\r\n}\r\n"),
                Arguments.of("cursor", CURSOR, "\uFEFF{}\n"),
                Arguments.of("vscode", VSCODE, COMMENTED),
                Arguments.of("vscode", VSCODE, "{\n\t\"servers\": {\n\t\t// none yet\n\t}\n}\n"));
    }

    @ParameterizedTest
    @MethodSource("filesOfHosts")
    void restoresAFileByteForByte(String host, String file, String text) throws Exception {
        home.write(file, text);
        Files.setPosixFilePermissions(home.file(file), PosixFilePermissions.fromString("rw-r-----"));

        Outcome installed = home.install(host, "--yes");

        assertThat(installed.exitCode()).as(installed.output()).isZero();
        assertThat(home.read(file)).contains(home.launcher().toString());
        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();
        assertThat(home.files()).isEqualTo(Map.of(file, text));
        assertThat(Files.getPosixFilePermissions(home.file(file)))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(home.file(".local/state/codex-mcp-server")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("filesOfHosts")
    void removesAnEditedEntry(String host, String file, String text) throws Exception {
        home.write(file, text);
        home.install(host, "--yes");
        home.write(file, home.read(file).replace(home.launcher().toString(), "/elsewhere/codex-mcp-server"));

        Outcome outcome = home.install(host, "--uninstall", "--yes");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("has been edited since it was installed");
        assertThat(squeezed(home.read(file))).isEqualTo(squeezed(text));
        assertThat(home.install(host, "--uninstall", "--yes").output()).contains("nothing to do");
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    /** The existing entry differs from the new one in a character that also occurs elsewhere in the file. */
    @Test
    void leavesTextThatResemblesPartOfTheEntry() throws Exception {
        String before = """
                [model_providers.x]
                request_max_retries = 2

                [mcp_servers.codex-mcp-server]
                command = "%s"
                default_tools_approval_mode = "approve"
                tool_timeout_sec = 60
                env_vars = ["CODEX_HOME"]
                env = { CODEX_MCP_MAX_WAIT_MS = "50000" }
                """;
        home.write(CODEX, before.formatted(home.launcher().toString().replace("/v2/", "/v/")));
        home.install("codex", "--yes");
        // Now the inserted character occurs only in another setting.
        String edited = home.read(CODEX).replace(home.launcher().toString(), "/opt/server");
        home.write(CODEX, edited);

        Outcome outcome = home.install("codex", "--uninstall", "--yes");

        assertThat(home.read(CODEX)).isEqualTo(edited);
        assertThat(outcome.output()).contains("the edits are kept: command", "Codex: left " + home.file(CODEX));
        assertThat(home.files()).containsOnlyKeys(CODEX);
    }

    @Test
    void restoresALinkToAMissingFile() throws Exception {
        Files.createDirectories(home.file("dotfiles"));
        Files.createDirectories(home.file(".codex"));
        Path link = Files.createSymbolicLink(home.file(CODEX), Path.of("../dotfiles/codex.toml"));

        assertThat(home.install("codex", "--yes").exitCode()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(home.read("dotfiles/codex.toml")).contains(home.launcher().toString());

        // The user's additions are in the link's target and stay there.
        home.write(CODEX, home.read(CODEX) + "\n[mine]\n");
        assertThat(home.install("codex", "--uninstall", "--yes").exitCode()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(home.read("dotfiles/codex.toml")).isEqualTo("\n[mine]\n");
    }

    @Test
    void keepsTheUsersAdditionsToACreatedFile() throws Exception {
        home.install("codex", "cursor", "--yes");
        home.write(CODEX, "model = \"mine\"\n\n" + home.read(CODEX));
        home.write(
                CURSOR,
                home.read(CURSOR).replace("\"mcpServers\": {", "\"mcpServers\": {\n    // mine\n    \"a\": {},"));

        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();

        assertThat(home.files())
                .isEqualTo(Map.of(
                        CODEX, "model = \"mine\"\n",
                        CURSOR, "{\n  \"mcpServers\": {\n    // mine\n    \"a\": {}\n  }\n}\n"));
    }

    @Test
    void removesACreatedFileEvenIfItsEntryWasEdited() throws Exception {
        home.install("codex", "cursor", "--yes");
        home.write(CODEX, home.read(CODEX).replace("3600", "60"));
        home.write(CURSOR, home.read(CURSOR).replace("\"args\": []", "\"args\": [ ]\n"));

        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();

        assertThat(home.files()).isEmpty();
    }

    @Test
    void keepsSeparateNotesForTwoNamesInOneFile() throws Exception {
        home.write(CODEX, TOML);
        home.install("codex", "--yes", "--name=one");
        String one = home.read(CODEX);
        home.install("codex", "--yes", "--name=two");

        home.install("codex", "--uninstall", "--yes", "--name=two");
        assertThat(home.read(CODEX)).isEqualTo(one);
        home.install("codex", "--uninstall", "--yes", "--name=one");
        assertThat(home.read(CODEX)).isEqualTo(TOML);
    }

    @Test
    void undoesAnUpdateTogetherWithTheFirstInstallation() throws Exception {
        home.write(CODEX, TOML);
        home.install("codex", "--yes");
        home.set("JAVA_HOME", "/a/java");
        Files.writeString(home.launcher(), "#!/bin/sh\n[ -n \"${JAVA_HOME-}\" ]\n");
        assertThat(home.install("codex", "--yes").output()).contains("wrote");

        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();

        assertThat(home.files()).isEqualTo(Map.of(CODEX, TOML));
    }

    @Test
    void forgetsAnEntryRemovedByTheUser() throws Exception {
        home.write(CODEX, TOML);
        home.install("codex", "--yes");
        home.write(CODEX, TOML);

        assertThat(home.install("--uninstall", "--yes").output()).contains("Nothing to do");

        assertThat(home.files()).isEqualTo(Map.of(CODEX, TOML));
    }

    @Test
    void refusesAnEntryRewrittenInAnotherForm() throws Exception {
        home.install("codex", "--yes");
        String inline = "mcp_servers.codex-mcp-server = { command = \"x\" }\n";
        home.write(CODEX, inline);

        Outcome outcome = home.install("--uninstall", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("line 1", "inline or dotted", "by hand");
        assertThat(home.read(CODEX)).isEqualTo(inline);
    }
}

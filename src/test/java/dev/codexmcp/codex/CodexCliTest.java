package dev.codexmcp.codex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.codex.CodexCli.CodexMissingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodexCliTest {
    private static final String INSTALL =
            "Install it with \"npm install -g @openai/codex\", put its folder on the server's PATH, or set"
                    + " CODEX_MCP_CODEX_BIN in the server's environment.";

    @Test
    void usesTheFirstExecutableOnThePath(@TempDir Path dir) throws Exception {
        folder(dir, "empty");
        Path plain = folder(dir, "plain");
        Files.createFile(plain.resolve("codex"));
        Path folder = folder(dir, "folder");
        Files.createDirectory(folder.resolve("codex"));
        Path first = executable(folder(dir, "first").resolve("codex"));
        executable(folder(dir, "second").resolve("codex"));
        String path =
                dir + "/missing:" + dir + "/empty:" + plain + ":" + folder + ":" + dir + "/first:" + dir + "/second";

        assertThat(new CodexCli(Optional.empty(), path).program().path()).isEqualTo(first.toString());
    }

    @Test
    void searchesThePathForAConfiguredName(@TempDir Path dir) throws Exception {
        executable(dir.resolve("codex"));
        Path nightly = executable(dir.resolve("codex-nightly"));

        assertThat(new CodexCli(Optional.of("codex-nightly"), dir.toString())
                        .program()
                        .path())
                .isEqualTo(nightly.toString());
    }

    @Test
    void usesAConfiguredPathAsIs(@TempDir Path dir) throws Exception {
        Path mine = executable(dir.resolve("my codex"));

        assertThat(new CodexCli(Optional.of(mine.toString()), "").program().path())
                .isEqualTo(mine.toString());
    }

    @Test
    void acceptsASymbolicLink(@TempDir Path dir) throws Exception {
        Path script = executable(dir.resolve("codex.js"));
        Files.createSymbolicLink(dir.resolve("codex"), script);

        assertThat(new CodexCli(Optional.empty(), dir.toString()).program().path())
                .isEqualTo(dir.resolve("codex").toString());
    }

    @Test
    void findsACliInstalledLater(@TempDir Path dir) throws Exception {
        CodexCli cli = new CodexCli(Optional.empty(), dir.toString());
        assertThatThrownBy(cli::program).isInstanceOf(CodexMissingException.class);
        executable(dir.resolve("codex"));

        assertThat(cli.program().path()).isEqualTo(dir.resolve("codex").toString());
    }

    @Test
    void aMissingCliIsReportedWithThePlacesSearchedAndHowToInstallIt(@TempDir Path dir) {
        assertThatThrownBy(new CodexCli(Optional.empty(), dir + ":/nowhere")::program)
                .isInstanceOf(CodexMissingException.class)
                .hasMessage("Codex CLI not found: no \"codex\" in any folder of the server's PATH (" + dir
                        + ":/nowhere). " + INSTALL);
    }

    @Test
    void reportsAConfiguredPathThatDoesNotExist(@TempDir Path dir) throws Exception {
        executable(dir.resolve("codex"));

        assertThatThrownBy(new CodexCli(Optional.of(dir + "/typo"), dir.toString())::program)
                .isInstanceOf(CodexMissingException.class)
                .hasMessage("Codex CLI not found: CODEX_MCP_CODEX_BIN is \"" + dir + "/typo\", which does not exist. "
                        + INSTALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "folder"})
    void reportsAConfiguredPathThatCannotBeRun(String name, @TempDir Path dir) throws Exception {
        Files.createFile(dir.resolve("plain"));
        Files.createDirectory(dir.resolve("folder"));

        assertThatThrownBy(new CodexCli(Optional.of(dir.resolve(name).toString()), "")::program)
                .isInstanceOf(CodexMissingException.class)
                .hasMessage("Codex CLI not found: CODEX_MCP_CODEX_BIN is \"" + dir.resolve(name)
                        + "\", which is not an executable file. " + INSTALL);
    }

    @Test
    void examinesAReplacedProgramAgain(@TempDir Path dir) throws Exception {
        Path program = executable(dir.resolve("codex"));
        CodexCli cli = new CodexCli(Optional.empty(), dir.toString());
        assertThat(cli.program().path()).isEqualTo(program.toString());

        Files.writeString(program, "nothing that a system could run");
        assertThatThrownBy(cli::program)
                .isInstanceOf(CodexMissingException.class)
                .hasMessageContaining("exec format error");

        executable(program);
        assertThat(cli.program().path()).isEqualTo(program.toString());
    }

    private static Path folder(Path dir, String name) throws IOException {
        return Files.createDirectory(dir.resolve(name));
    }

    private static Path executable(Path file) throws IOException {
        Files.writeString(file, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

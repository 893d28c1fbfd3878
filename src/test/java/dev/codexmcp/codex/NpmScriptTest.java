package dev.codexmcp.codex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpmScriptTest {
    @Test
    void startsAProgramOfAnotherNameAsIs() {
        assertThat(NpmScript.resolve("/bin/sh", NodeEnvironment.NONE)).isEqualTo(CodexProgram.plain("/bin/sh"));
    }

    @Test
    void startsAnUnknownScriptAsIs(@TempDir Path temp) throws Exception {
        Path script = temp.resolve("@openai/codex/bin/codex.js");
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/usr/bin/env node\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path link = Files.createSymbolicLink(temp.resolve("codex"), script);

        assertThat(new CodexCli(Optional.empty(), temp.toString()).program())
                .isEqualTo(
                        CodexProgram.script(link.toString(), "this server does not know this version of the script"));
    }

    @Test
    void leavesAMissingProgramToTheStart(@TempDir Path temp) {
        String gone = temp.resolve("codex").toString();

        assertThat(NpmScript.resolve(gone, NodeEnvironment.NONE).path()).isEqualTo(gone);
    }

    @Test
    void ignoresEmptyNodeVariables() {
        assertThat(NodeEnvironment.of(Map.of("NODE_OPTIONS", "", "NODE_ENV", "production", "npm_execpath", "npm")))
                .isEqualTo(new NodeEnvironment("", "npm", java.util.List.of()));
    }

    @Test
    void allowsAFallbackReasonOnlyForAScript() {
        assertThatThrownBy(() ->
                        new CodexProgram("a", "a", CodexProgram.Kind.OTHER, Optional.of("why"), Map.of(), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

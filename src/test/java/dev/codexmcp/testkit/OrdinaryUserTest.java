package dev.codexmcp.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs run as an ordinary user have no other powers, and can use what the test gives them. */
class OrdinaryUserTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needOrdinaryUser() {
        assumeTrue(OrdinaryUser.isAvailable(), OrdinaryUser.MISSING);
    }

    @Test
    void programIsNotRootAndKeepsItsProcessId() throws Exception {
        OrdinaryUser.give(folder);
        Process process = start("echo $$; id -u");

        List<String> lines = lines(process);

        assertThat(lines.get(0)).isEqualTo(String.valueOf(process.pid()));
        assertThat(lines.get(1)).isNotEqualTo("0");
    }

    @Test
    void foldersAreClosedUntilTheyAreGiven() throws Exception {
        assumeTrue(OrdinaryUser.testsRunAsRoot(), "the folder belongs to the user who runs the tests");
        Path inner = Files.createDirectories(folder.resolve("outer/inner"));
        assertThat(lines(start("mkdir '" + inner + "/mine' && echo made"))).doesNotContain("made");

        OrdinaryUser.give(folder);

        assertThat(lines(start("mkdir '" + inner + "/mine' && echo made"))).contains("made");
    }

    private static Process start(String script) throws IOException {
        return new ProcessBuilder(OrdinaryUser.command(List.of("/bin/sh", "-c", script)))
                .directory(new File("/"))
                .redirectErrorStream(true)
                .start();
    }

    private static List<String> lines(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
    }
}

package dev.codexmcp.install.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a file and replacing it atomically, through links and with its mode and owner. */
class ConfigFileTest {
    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void makeFolder() throws Exception {
        folder = Files.createDirectory(temporary.toRealPath().resolve("folder"));
    }

    @Test
    void keepsALinkToAFile() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Files.createDirectory(folder.resolve("links"));
        Path second = Files.createSymbolicLink(folder.resolve("links/second"), Path.of("../real"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), second);

        ConfigFile file = ConfigFile.read(first);
        file.replace("new");

        assertThat(file).isEqualTo(new ConfigFile(real, true, "old"));
        assertThat(first).isSymbolicLink();
        assertThat(second).isSymbolicLink();
        assertThat(real).hasContent("new");
    }

    @Test
    void keepsALinkToAFileThatDoesNotExistYet() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));

        ConfigFile file = ConfigFile.read(link);
        file.replace("new");

        assertThat(file.existed()).isFalse();
        assertThat(link).isSymbolicLink().hasContent("new");
        assertThat(folder.resolve("target")).hasContent("new").isRegularFile();

        ConfigFile.read(link).delete(List.of());
        assertThat(link).isSymbolicLink();
        assertThat(folder.resolve("target")).doesNotExist();
    }

    @Test
    void refusesALinkIntoAMissingFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere/target"));

        assertThatThrownBy(() -> ConfigFile.read(link))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(link + " is a symbolic link to " + folder.resolve("nowhere/target"))
                .hasMessageContaining("nothing was changed");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void refusesACircularLink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));

        assertThatThrownBy(() -> ConfigFile.read(link)).hasMessageContaining("leads back to itself");
    }

    @Test
    void refusesAFolder() {
        assertThatThrownBy(() -> ConfigFile.read(folder)).hasMessageContaining("is not a file");
    }

    @Test
    void keepsTheModeAndOwnerOfAFile() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "old");
        for (String rights : List.of("rw-------", "rw-rw-r--", "r--r--r--")) {
            Files.setPosixFilePermissions(real, PosixFilePermissions.fromString(rights));

            ConfigFile.read(real).replace("new");

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                    .isEqualTo(rights);
        }
    }

    @Test
    void createsMissingFoldersAndRemovesThemIfEmpty() throws Exception {
        Path deep = folder.resolve("a/b/config");

        List<Path> created = ConfigFile.read(deep).replace("new");

        assertThat(created).containsExactly(folder.resolve("a/b"), folder.resolve("a"));
        Files.writeString(folder.resolve("a/other"), "");
        ConfigFile.read(deep).delete(created);
        assertThat(folder.resolve("a")).isDirectoryNotContaining(path -> path.endsWith("b"));
    }

    @Test
    void leavesTheFileIntactInAReadOnlyFolder() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(folder), "root may write to any folder");

            assertThatThrownBy(() -> ConfigFile.read(real).replace("new"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("cannot write " + real + ": permission denied");
            assertThat(real).hasContent("old");
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void detectsThatTheFileHasChanged() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "old");
        ConfigFile file = ConfigFile.read(real);
        file.requireUnchanged();

        Files.writeString(real, "other");

        assertThatThrownBy(file::requireUnchanged).hasMessageContaining("run this again");
    }
}

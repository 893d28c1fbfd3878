package dev.codexmcp;

import static dev.codexmcp.LauncherClone.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.LauncherClone.Outcome;
import dev.codexmcp.testkit.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in packages: their own Java comes first, and a package of another user still gets a class archive. */
class OwnJavaIT {
    /** Prints which Java it is, and creates an archive like Java if it is asked to. */
    private static final String JAVA_STUB = """
            #!/bin/sh
            for argument; do
                case $argument in
                    -XX:DumpLoadedClassList=*) echo classes >"${argument#*=}"; exit ;;
                    -Xshare:dump) for argument; do case $argument in -XX:SharedArchiveFile=*) echo archive >"${argument#*=}"; esac; done; exit ;;
                esac
            done
            echo "own $*"
            """;

    @TempDir
    Path scratch;

    private Path root;
    private Path launcher;

    @BeforeEach
    void layOutPackage() throws IOException {
        root = scratch.resolve("some folder/node_modules/@codexmcp/codex-mcp-server");
        LauncherClone clone = LauncherClone.in(scratch.resolve("clone"));
        launcher = root.resolve("bin/codex-mcp-server");
        LauncherClone.copy(clone.launcher(), launcher);
        LauncherClone.copy(clone.launcher().resolveSibling("lib/prepare.sh"), root.resolve("lib/prepare.sh"));
        LauncherClone.write(root.resolve("lib/codex-mcp-server.jar"), "read by nobody");
    }

    @Test
    void aJavaInItsFolderComesBeforeJavaHome() throws Exception {
        own(root);

        assertThat(start(Map.of("JAVA_HOME", "/nowhere")).stdout()).startsWith("own ");
    }

    @Test
    void npmPutsTheJavaForThisPlatformBesideOrInsideThePackage() throws Exception {
        for (Path place : List.of(
                root.resolveSibling("codex-mcp-server-" + platform()),
                root.resolve("node_modules/@codexmcp/codex-mcp-server-" + platform()))) {
            own(place);
            own(root.resolveSibling("codex-mcp-server-other-x64"));

            assertThat(start(Map.of()).stdout()).startsWith("own ");
            Files.delete(place.resolve("runtime/bin/java"));
            assertThat(start(Map.of()).stderr()).contains("needs Java 17 or newer");
        }
    }

    @Test
    void anArchiveThatCameWithItsJavaIsUsed() throws Exception {
        own(root);
        Path archive = root.resolve("lib/codex-mcp-server-17.0.99+1.jsa");
        LauncherClone.write(archive, "archive");
        Files.setLastModifiedTime(archive, Files.getLastModifiedTime(root.resolve("lib/codex-mcp-server.jar")));

        assertThat(start(Map.of()).stdout()).contains("-XX:SharedArchiveFile=" + archive.toRealPath());
    }

    @Test
    void doesNotRegisterWhatNpxWillDelete() throws Exception {
        Path cached = scratch.resolve("_npx/0123456789abcdef");
        Files.createDirectories(cached.getParent());
        Files.move(scratch.resolve("some folder"), cached);
        Path moved = cached.resolve("node_modules/@codexmcp/codex-mcp-server");
        launcher = moved.resolve("bin/codex-mcp-server");
        own(moved);

        assertThat(start(Map.of(), "install").stderr()).contains("npm install -g @codexmcp/codex-mcp-server");
        assertThat(start(Map.of(), "doctor").stdout()).contains("own ", "doctor");
    }

    @Test
    void aPackageOfAnotherUserGetsItsArchiveInTheUsersCache() throws Exception {
        assumeTrue(OrdinaryUser.testsRunAsRoot() && OrdinaryUser.isAvailable(), "needs two users");
        own(root);
        Path home = Files.createDirectory(scratch.resolve("home"));
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        OrdinaryUser.give(home);
        Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin", "HOME", home.toString());
        List<String> train = OrdinaryUser.command(List.of(launcher.toString(), "--train-if-needed"));

        assertThat(outcome(LauncherClone.start(environment, scratch, train))).isEqualTo(new Outcome(0, "", ""));

        Path archive = home.resolve(
                ".cache/codex-mcp-server" + root.toRealPath().resolve("lib/codex-mcp-server-17.0.99+1-14.jsa"));
        assertThat(archive).hasContent("archive");
        List<String> start = OrdinaryUser.command(List.of(launcher.toString(), "--version"));
        assertThat(outcome(LauncherClone.start(environment, scratch, start)).stdout())
                .contains("-XX:SharedArchiveFile=" + archive);
        // Nobody else uses it: root would run what that user has put there.
        assertThat(start(Map.of("HOME", home.toString())).stdout()).doesNotContain("SharedArchiveFile");
        try (Stream<Path> files = Files.list(root.resolve("lib"))) {
            assertThat(files).hasSize(2);
        }
    }

    private Outcome start(Map<String, String> environment) throws Exception {
        return start(environment, "--version");
    }

    private Outcome start(Map<String, String> environment, String argument) throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("PATH", programsWithoutJava().toString());
        return outcome(LauncherClone.start(all, scratch, List.of(launcher.toString(), argument)));
    }

    /** The programs that the launcher needs, and a setsid that creates no archive in the background. */
    private Path programsWithoutJava() throws IOException {
        Path bin = scratch.resolve("bin");
        if (Files.notExists(bin)) {
            Files.createDirectory(bin);
            for (String name : List.of("uname", "readlink", "wc")) {
                LauncherClone.program(bin.resolve(name), "#!/bin/sh\nPATH=/usr/bin:/bin exec " + name + " \"$@\"\n");
            }
            LauncherClone.program(bin.resolve("setsid"), "#!/bin/sh\nexit 0\n");
        }
        return bin;
    }

    private static void own(Path place) throws IOException {
        String release = "JAVA_VERSION=\"17.0.99\"\nJAVA_RUNTIME_VERSION=\"17.0.99+1\"\n";
        LauncherClone.javaHome(place.resolve("runtime"), release, JAVA_STUB);
    }

    /** This platform, as npm calls it. */
    private static String platform() {
        String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return system + "-" + (processor.equals("aarch64") ? "arm64" : "x64");
    }
}

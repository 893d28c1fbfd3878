package dev.codexmcp;

import static dev.codexmcp.LauncherClone.JAR;
import static dev.codexmcp.LauncherClone.PATH;
import static dev.codexmcp.LauncherClone.environment;
import static dev.codexmcp.LauncherClone.outcome;
import static dev.codexmcp.LauncherClone.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.LauncherClone.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script in installations of every layout. Java is a stub where a real one would only cost time. */
class LauncherIT {
    /** Prints the JVM's arguments, one per line, then the locale. */
    private static final String JAVA_STUB = """
            #!/bin/sh
            for argument in "$@"; do echo "[$argument]"; done
            echo "LC_ALL=$LC_ALL"
            """;

    @TempDir
    Path scratch;

    /** An installation laid out like a clone, in a folder whose name needs quoting. */
    private LauncherClone clone;

    @BeforeEach
    void layOutClone() throws IOException {
        clone = LauncherClone.in(scratch.resolve("it's a clone $HOME *"));
    }

    @Test
    void printsTheVersionAndNothingElse() throws Exception {
        LauncherClone.copy(JAR, clone.jar());

        Outcome outcome = clone.launch(realJava(Main.class), "--version");

        assertThat(outcome.stdout().strip()).endsWith(versionOf(JAR)).doesNotContain("\n");
        assertThat(outcome).isEqualTo(new Outcome(0, outcome.stdout(), ""));
    }

    @Test
    void worksThroughAChainOfLinksFromAnyDirectory() throws Exception {
        clone.installStubJar();
        Path bin = Files.createDirectories(scratch.resolve("some bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), clone.launcher());
        Path relative = Files.createSymbolicLink(bin.resolve("relative"), absolute.getFileName());
        Path upward = Files.createSymbolicLink(scratch.resolve("upward"), Path.of("some bin/../some bin/relative"));

        for (Path link : List.of(absolute, relative, upward, bin.relativize(upward))) {
            assertThat(outcome(start(environment(javaStub("17.0.15")), bin, List.of(link.toString()))))
                    .satisfies(outcome -> assertThat(outcome.stdout())
                            .contains("[" + clone.folder() + "/target/codex-mcp-server.jar]\n"))
                    .satisfies(outcome -> assertThat(outcome.stderr()).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripts/codex-mcp-server.jar", "lib/codex-mcp-server.jar", "target/codex-mcp-server.jar"})
    void findsTheJarInEveryLayout(String place) throws Exception {
        LauncherClone.copy(JAR, clone.folder().resolve(place));

        assertThat(clone.launch(environment(javaStub("17.0.15"))).stdout())
                .contains("[" + clone.folder() + "/" + place + "]");
    }

    @Test
    void saysThatJavaDoesNotTakeAColonInTheName() throws Exception {
        LauncherClone odd = LauncherClone.in(scratch.resolve("a:b"));
        odd.installStubJar();

        Outcome outcome = odd.launch(environment(javaStub("17.0.15")));

        assertThat(outcome.stderr())
                .contains("because of the colon", odd.folder().toString());
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void findsJavaOnPathThroughLinks() throws Exception {
        clone.installStubJar();
        Path java = javaStub("21.0.2").resolve("bin/java");
        Path bin = Files.createDirectories(scratch.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("alternative"), java);
        Files.createSymbolicLink(bin.resolve("java"), Path.of("alternative"));

        Outcome outcome = clone.launch(Map.of("PATH", bin + ":" + PATH));

        assertThat(outcome.stdout()).contains("[dev.codexmcp.Main]");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void reportsAMissingJava() throws Exception {
        clone.installStubJar();

        Outcome outcome = clone.launch(Map.of("PATH", scratch.toString()));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("needs Java 17 or newer", "no java on PATH", "JAVA_HOME is not set");
    }

    @Test
    void reportsAJavaHomeWithoutJava() throws Exception {
        clone.installStubJar();

        Outcome outcome = clone.launch(environment(scratch));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("JAVA_HOME is " + scratch, "has no bin/java");
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392, true", "11.0.21, true", "16, true", "11.0.21, false", "1.8.0_392, false"})
    void refusesAnOldJavaAndNamesItsVersion(String version, boolean statesItsRelease) throws Exception {
        clone.installStubJar();
        Path home = javaStub(version);
        if (!statesItsRelease) {
            Files.delete(home.resolve("release"));
            LauncherClone.program(
                    home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"" + version + "\" 2023-10-17' >&2\n");
        }

        Outcome outcome = clone.launch(environment(home));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("needs Java 17 or newer", home + "/bin/java is Java " + version + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.15", "17", "21.0.2", "25.0.3", "26-ea"})
    void startsAnyNewerJavaWithoutRunningItForItsVersion(String version) throws Exception {
        clone.installStubJar();

        Outcome outcome = clone.launch(environment(javaStub(version)));

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.stderr()).isEmpty();
        // Otherwise JVM warnings would end up in the protocol.
        assertThat(outcome.stdout()).contains("[-Xlog:disable]\n[-Xlog:all=warning,cds*=off");
        // Later versions may not accept it.
        assertThat(outcome.stdout().contains("VFORK"))
                .isEqualTo(Integer.parseInt(version.replaceFirst("\\D.*", "")) <= 25
                        && Files.exists(Path.of("/proc/self")));
    }

    @Test
    void passesArgumentsUnchangedAndSplitsTheUsersFlags() throws Exception {
        clone.installStubJar();
        Map<String, String> environment = environment(javaStub("17.0.15"));
        environment.put("CODEX_MCP_JAVA_OPTS", "-Xmx1g  -Done=*");

        Outcome outcome = clone.launch(environment, "a b", "", "*", "$HOME");

        assertThat(outcome.stdout()).contains("[-Xmx1g]\n[-Done=*]\n");
        assertThat(outcome.stdout())
                .contains("/target/codex-mcp-server.jar]\n[dev.codexmcp.Main]\n[a b]\n[]\n[*]\n[$HOME]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "bash --posix", "busybox sh"})
    void runsUnderEveryShell(String shell) throws Exception {
        List<String> command = List.of(shell.split(" "));
        assumeTrue(
                Stream.of(PATH.split(":")).anyMatch(bin -> Files.exists(Path.of(bin, command.get(0)))), "no " + shell);
        clone.installStubJar();

        Outcome outcome = outcome(start(
                environment(javaStub("17.0.15")),
                clone.folder().resolve("scripts"),
                Stream.concat(command.stream(), Stream.of("codex-mcp-server", "a b"))
                        .toList()));

        assertThat(outcome.stdout())
                .contains(clone.folder() + "/target/codex-mcp-server.jar]\n[dev.codexmcp.Main]\n[a b]\n");
        assertThat(outcome.stderr()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "xx_XX.UTF-8"})
    void workersReceiveEveryCharacterInAnyLocale(String locale) throws Exception {
        LauncherClone.jarOf(ArgumentProbe.class, clone.jar());
        Map<String, String> environment = realJava(ArgumentProbe.class);
        environment.put("LANG", "C");
        if (!locale.isEmpty()) {
            environment.put("LC_ALL", locale);
        }

        Outcome outcome = clone.launch(environment);

        assertThat(outcome).isEqualTo(new Outcome(0, ArgumentProbe.expected(locale), ""));
    }

    @Test
    void reportsWhereItSearchedForAJarIfItCannotBuildOne() throws Exception {
        Outcome outcome = clone.launch(realJava(ArgumentProbe.class));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr())
                .contains("no codex-mcp-server.jar in", clone.folder() + "/lib", clone.folder() + "/target");
    }

    private Map<String, String> realJava(Class<?> main) throws IOException {
        return environment(LauncherClone.javaWithoutArchive(scratch.resolve("java"), main));
    }

    private Path javaStub(String version) throws IOException {
        String release = "IMPLEMENTOR=\"A Stub\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n";
        return LauncherClone.javaHome(scratch.resolve("java " + version), release, JAVA_STUB);
    }

    private static String versionOf(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        }
    }
}

package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script, copied into installations of every shape; Java and Maven are stubs where they would only cost time. */
class LauncherIT {
    private static final Path JAR = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.jar")));
    private static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));
    private static final String JAVA_HOME = System.getProperty("java.home");
    private static final String PATH = "/usr/bin:/bin";

    /** Prints the JVM's arguments, one a line, then the locale. */
    private static final String JAVA_STUB = """
            #!/bin/sh
            for argument in "$@"; do echo "[$argument]"; done
            echo "LC_ALL=$LC_ALL"
            """;

    /** Builds, noisily, once it is let go. */
    private static final String MAVEN_STUB = """
            #!/bin/sh
            echo "building in $PWD"
            echo build >>builds
            while [ ! -e go ]; do sleep 0.05; done
            [ ! -e fail ] || exit 3
            cp built.jar target/part.jar && mv target/part.jar target/codex-mcp-server.jar
            """;

    @TempDir
    Path scratch;

    /** An installation laid out like a clone, in a folder whose name needs quoting. */
    private Path clone;

    private Path launcher;

    @BeforeEach
    void layOutClone() throws IOException {
        clone = scratch.resolve("it's a clone $HOME *");
        launcher = install(LAUNCHER, clone.resolve("scripts/codex-mcp-server"));
    }

    @Test
    void answersVersionOnStdoutAndSaysNothingElse() throws Exception {
        install(JAR, clone.resolve("target/codex-mcp-server.jar"));

        Outcome outcome = launch(environment(), launcher, "--version");

        assertThat(outcome.stdout().strip()).endsWith(versionOf(JAR)).doesNotContain("\n");
        assertThat(outcome).isEqualTo(new Outcome(0, outcome.stdout(), ""));
    }

    @Test
    void worksThroughAChainOfLinksFromAnyDirectory() throws Exception {
        installStub();
        Path bin = Files.createDirectories(scratch.resolve("some bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), launcher);
        Path relative = Files.createSymbolicLink(bin.resolve("relative"), absolute.getFileName());
        Path upward = Files.createSymbolicLink(scratch.resolve("upward"), Path.of("some bin/../some bin/relative"));

        for (Path link : List.of(absolute, relative, upward, bin.relativize(upward))) {
            assertThat(launch(environment(javaStub("17.0.15")), bin, List.of(link.toString())))
                    .satisfies(outcome -> assertThat(outcome.stdout()).contains(clone + "/target/codex-mcp-server.jar"))
                    .satisfies(outcome -> assertThat(outcome.stderr()).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripts/codex-mcp-server.jar", "lib/codex-mcp-server.jar", "target/codex-mcp-server.jar"})
    void findsTheJarInEveryLayout(String place) throws Exception {
        install(JAR, clone.resolve(place));

        assertThat(launch(environment(javaStub("17.0.15")), launcher).stdout())
                .contains("[" + clone + "/" + place + "]");
    }

    @Test
    void findsJavaOnPathThroughLinks() throws Exception {
        installStub();
        Path java = javaStub("21.0.2").resolve("bin/java");
        Path bin = Files.createDirectories(scratch.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("alternative"), java);
        Files.createSymbolicLink(bin.resolve("java"), Path.of("alternative"));

        Outcome outcome = launch(Map.of("PATH", bin + ":" + PATH), launcher);

        assertThat(outcome.stdout()).contains("[-jar]");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void saysSoWhereThereIsNoJava() throws Exception {
        installStub();

        Outcome outcome = launch(Map.of("PATH", scratch.toString()), launcher);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("needs Java 17 or newer", "no java on PATH", "JAVA_HOME is not set");
    }

    @Test
    void saysSoWhereJavaHomeHoldsNoJava() throws Exception {
        installStub();

        Outcome outcome = launch(environment(scratch), launcher);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("JAVA_HOME is " + scratch, "no bin/java");
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392, true", "11.0.21, true", "16, true", "11.0.21, false", "1.8.0_392, false"})
    void refusesAnOldJavaAndNamesItsVersion(String version, boolean saysItsRelease) throws Exception {
        installStub();
        Path home = javaStub(version);
        if (!saysItsRelease) {
            Files.delete(home.resolve("release"));
            program(home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"" + version + "\" 2023-10-17' >&2\n");
        }

        Outcome outcome = launch(environment(home), launcher);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("needs Java 17 or newer", home + "/bin/java is Java " + version + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.15", "17", "21.0.2", "25.0.3", "26-ea"})
    void startsAnyNewerJavaWithoutAskingItForItsVersion(String version) throws Exception {
        installStub();

        Outcome outcome = launch(environment(javaStub(version)), launcher);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.stderr()).isEmpty();
        // Any warning of the JVM would otherwise land in the protocol.
        assertThat(outcome.stdout()).contains("[-Xlog:disable]\n[-Xlog:all=warning,cds*=off");
        // Java 25 warns when it is told to use vfork, and later ones will not know it.
        assertThat(outcome.stdout().contains("VFORK"))
                .isEqualTo(Integer.parseInt(version.replaceFirst("\\D.*", "")) < 25
                        && Files.exists(Path.of("/proc/self")));
    }

    @Test
    void passesArgumentsOnAsTheyAreAndSplitsTheUsersFlags() throws Exception {
        installStub();
        Map<String, String> environment = environment(javaStub("17.0.15"));
        environment.put("CODEX_MCP_JAVA_OPTS", "-Xmx1g  -Done=*");

        Outcome outcome = launch(environment, launcher, "a b", "", "*", "$HOME");

        assertThat(outcome.stdout()).contains("[-Xmx1g]\n[-Done=*]\n");
        assertThat(outcome.stdout()).contains("/target/codex-mcp-server.jar]\n[a b]\n[]\n[*]\n[$HOME]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "bash --posix", "busybox sh"})
    void runsUnderEveryShell(String shell) throws Exception {
        List<String> command = List.of(shell.split(" "));
        assumeTrue(
                Stream.of(PATH.split(":")).anyMatch(bin -> Files.exists(Path.of(bin, command.get(0)))), "no " + shell);
        installStub();

        Outcome outcome = launch(
                environment(javaStub("17.0.15")),
                clone.resolve("scripts"),
                Stream.concat(command.stream(), Stream.of("codex-mcp-server", "a b"))
                        .toList());

        assertThat(outcome.stdout()).contains(clone + "/target/codex-mcp-server.jar]\n[a b]\n");
        assertThat(outcome.stderr()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "xx_XX.UTF-8"})
    void workersGetEveryCharacterWhateverTheLocale(String locale) throws Exception {
        jarOf(ArgumentProbe.class, clone.resolve("target/codex-mcp-server.jar"));
        Map<String, String> environment = environment();
        environment.put("LANG", "C");
        if (!locale.isEmpty()) {
            environment.put("LC_ALL", locale);
        }

        Outcome outcome = launch(environment, launcher);

        assertThat(outcome).isEqualTo(new Outcome(0, ArgumentProbe.hex(ArgumentProbe.TEXT) + " " + locale + "\n", ""));
    }

    @Test
    void buildsTheJarOnceHoweverManyStart() throws Exception {
        freshClone();
        List<Process> launchers = Stream.generate(() -> start(environment(), scratch, List.of(launcher.toString())))
                .limit(4)
                .toList();

        await().until(() -> Files.exists(clone.resolve("builds")));
        Files.createFile(clone.resolve("go"));

        for (Process process : launchers) {
            Outcome outcome = outcome(process);
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.stdout()).isEqualTo(ArgumentProbe.hex(ArgumentProbe.TEXT) + " \n");
            assertThat(outcome.stderr()).contains("building it");
        }
        assertThat(clone.resolve("builds")).hasContent("build");
        assertThat(clone.resolve("target")).isDirectoryNotContaining("glob:**/build.lock*");
    }

    @Test
    void takesOverFromABuilderThatDied() throws Exception {
        freshClone();
        Files.createFile(clone.resolve("go"));
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createSymbolicLink(
                Files.createDirectories(clone.resolve("target")).resolve("build.lock"), Path.of("" + dead.pid()));

        assertThat(launch(environment(), launcher).exitCode()).isZero();
        assertThat(clone.resolve("target")).isDirectoryNotContaining("glob:**/build.lock*");
    }

    @Test
    void buildGoesOnWhereTheClientKillsTheLauncher() throws Exception {
        freshClone();
        Process impatient = start(environment(), scratch, List.of(launcher.toString()));
        await().until(() -> Files.exists(clone.resolve("builds")));
        impatient.destroyForcibly().waitFor();
        Process next = start(environment(), scratch, List.of(launcher.toString()));
        Files.createFile(clone.resolve("go"));

        assertThat(outcome(next).exitCode()).isZero();
        assertThat(clone.resolve("builds")).hasContent("build");
    }

    @Test
    void saysWhereToLookWhenTheBuildFails() throws Exception {
        freshClone();
        Files.createFile(clone.resolve("go"));
        Files.createFile(clone.resolve("fail"));

        Outcome outcome = launch(environment(), launcher);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr())
                .contains("building in " + clone, "the build failed (exit code 3)", "./mvnw package");
        assertThat(clone.resolve("target")).isEmptyDirectory();
    }

    @Test
    void saysWhereItLookedWhenThereIsNoJarAndNothingToBuild() throws Exception {
        Outcome outcome = launch(environment(), launcher);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("no codex-mcp-server.jar in", clone + "/lib", clone + "/target");
    }

    /** Stands in for the server: starts a worker with a text of many scripts, and tells what arrived. */
    static final class ArgumentProbe {
        static final String TEXT = "äЖ漢😀e\u0301";

        private ArgumentProbe() {}

        public static void main(String[] arguments) throws IOException {
            String worker = "printf %s \"$1\" | od -An -v -tx1 | tr -d ' \\n'";
            Process process = new ProcessBuilder("/bin/sh", "-c", worker, "worker", TEXT).start();
            try (InputStream output = process.getInputStream()) {
                System.out.println(
                        new String(output.readAllBytes(), UTF_8) + " " + System.getProperty("codexmcp.lc_all"));
            }
        }

        static String hex(String text) {
            return HexFormat.of().formatHex(text.getBytes(UTF_8));
        }
    }

    /** How a run ended, and all that it said. */
    private record Outcome(int exitCode, String stdout, String stderr) {}

    private void freshClone() throws IOException {
        Files.writeString(clone.resolve("pom.xml"), "<project/>");
        program(clone.resolve("mvnw"), MAVEN_STUB);
        jarOf(ArgumentProbe.class, clone.resolve("built.jar"));
    }

    private void installStub() throws IOException {
        program(clone.resolve("target/codex-mcp-server.jar"), "read by nobody");
    }

    private Path javaStub(String version) throws IOException {
        Path home = Files.createDirectories(scratch.resolve("java " + version));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"A Stub\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        program(home.resolve("bin/java"), JAVA_STUB);
        return home;
    }

    private static Path install(Path file, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        return Files.copy(file, place);
    }

    private static void program(Path place, String text) throws IOException {
        Files.createDirectories(place.getParent());
        Files.writeString(place, text);
        assertThat(place.toFile().setExecutable(true)).isTrue();
    }

    private static void jarOf(Class<?> main, Path place) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        String entry = main.getName().replace('.', '/') + ".class";
        Files.createDirectories(place.getParent());
        try (OutputStream file = Files.newOutputStream(place);
                JarOutputStream jar = new JarOutputStream(file, manifest);
                InputStream code = Objects.requireNonNull(main.getClassLoader().getResourceAsStream(entry))) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
        }
    }

    private static String versionOf(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        }
    }

    /** An environment with the JDK that runs this test, and nothing else that could play a part. */
    private static Map<String, String> environment() {
        return environment(Path.of(JAVA_HOME));
    }

    private static Map<String, String> environment(Path javaHome) {
        return new LinkedHashMap<>(Map.of("PATH", PATH, "JAVA_HOME", javaHome.toString()));
    }

    private Outcome launch(Map<String, String> environment, Path program, String... arguments) throws Exception {
        return launch(
                environment,
                scratch,
                Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                        .toList());
    }

    private Outcome launch(Map<String, String> environment, Path directory, List<String> command) throws Exception {
        return outcome(start(environment, directory, command));
    }

    private static Process start(Map<String, String> environment, Path directory, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome outcome(Process process) throws Exception {
        // What is said here fits a pipe, so that it can be read when all is over.
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), text(process.getInputStream()), text(process.getErrorStream()));
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), UTF_8);
    }
}

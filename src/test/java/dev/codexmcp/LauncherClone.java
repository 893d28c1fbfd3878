package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The launcher script in a folder laid out like a clone, with stand-ins for other programs. */
final class LauncherClone {
    static final Path JAR = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.jar")));
    static final String PATH = "/usr/bin:/bin";

    private static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));

    /** The exit code and the output of a run. */
    record Outcome(int exitCode, String stdout, String stderr) {}

    private final Path folder;

    private LauncherClone(Path folder) {
        this.folder = folder;
    }

    /** Copies only the launcher, with what it sources, into a folder. */
    static LauncherClone in(Path folder) throws IOException {
        LauncherClone clone = new LauncherClone(folder);
        copy(LAUNCHER, clone.launcher());
        copy(LAUNCHER.resolveSibling("lib/prepare.sh"), clone.launcher().resolveSibling("lib/prepare.sh"));
        return clone;
    }

    Path folder() {
        return folder;
    }

    Path launcher() {
        return folder.resolve("scripts/codex-mcp-server");
    }

    Path target() {
        return folder.resolve("target");
    }

    /** The path of the jar that the build creates. */
    Path jar() {
        return target().resolve("codex-mcp-server.jar");
    }

    /** Creates a dummy jar, for tests that start no real Java. */
    void installStubJar() throws IOException {
        write(jar(), "read by nobody");
    }

    /** The lock that protects the creation of this archive. */
    static Path trainingLock(Path archive) {
        return archive.resolveSibling(archive.getFileName() + ".training");
    }

    /** Keeps launchers from creating this archive, by a lock of another computer, which is valid for an hour. */
    static void blockTraining(Path archive) throws IOException {
        Files.createSymbolicLink(trainingLock(archive), Path.of("another.example:boot:1:1"));
    }

    /** An environment with this Java and no other relevant variables. */
    static Map<String, String> environment(Path javaHome) {
        return new LinkedHashMap<>(Map.of("PATH", PATH, "JAVA_HOME", javaHome.toString()));
    }

    /** A Java home whose {@code java} is this shell script. */
    static Path javaHome(Path home, String release, String script) throws IOException {
        write(home.resolve("release"), release);
        program(home.resolve("bin/java"), script);
        return home;
    }

    /**
     * The Java that runs this test, in a home that does not name its build, so that the launcher creates no archive.
     *
     * @param main the class that it runs instead of the server's
     */
    static Path javaWithoutArchive(Path home, Class<?> main) throws IOException {
        String release = "JAVA_VERSION=\"" + Runtime.version().feature() + "\"\n";
        String script = """
                #!/bin/sh
                for argument; do
                    shift
                    [ "$argument" != dev.codexmcp.Main ] || argument=%s
                    set -- "$@" "$argument"
                done
                exec '%s/bin/java' "$@"
                """;
        return javaHome(home, release, script.formatted(main.getName(), System.getProperty("java.home")));
    }

    static void copy(Path file, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        Files.copy(file, place, StandardCopyOption.COPY_ATTRIBUTES);
    }

    static void write(Path place, String text) throws IOException {
        Files.createDirectories(place.getParent());
        Files.writeString(place, text);
    }

    static void program(Path place, String text) throws IOException {
        write(place, text);
        assertThat(place.toFile().setExecutable(true, false)).isTrue();
    }

    /** Creates a jar of one class with a main method. */
    static void jarOf(Class<?> main, Path place) throws IOException {
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

    Outcome launch(Map<String, String> environment, String... arguments) throws Exception {
        return outcome(start(environment, arguments));
    }

    Process start(Map<String, String> environment, String... arguments) {
        return start(
                environment,
                folder,
                Stream.concat(Stream.of(launcher().toString()), Stream.of(arguments))
                        .toList());
    }

    /** Starts a program with only this environment and without input. */
    static Process start(Map<String, String> environment, Path directory, List<String> command) {
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

    /** Waits for the exit. A launcher's output fits into a pipe, so it can be read afterwards. */
    static Outcome outcome(Process process) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("the launcher exits")
                .isTrue();
        return new Outcome(process.exitValue(), text(process.getInputStream()), text(process.getErrorStream()));
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), UTF_8);
    }
}

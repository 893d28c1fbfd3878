package dev.codexmcp.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs this repository's scripts with their own home and environment. */
final class Scripts {
    static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));

    private final Path scratch;
    private final Path home;
    private final Path bin;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** A script's exit code, and its output on both streams. */
    record Outcome(int exitCode, String output) {}

    Scripts(Path scratch) throws IOException {
        this.scratch = scratch;
        home = Files.createDirectory(scratch.resolve("home"));
        bin = Files.createDirectory(scratch.resolve("bin"));
        set("HOME", home);
        set("PATH", bin + ":/usr/bin:/bin");
        set("JAVA_HOME", System.getProperty("java.home"));
    }

    void set(String name, Object value) {
        environment.put(name, value.toString());
    }

    /** A file in the home. */
    Path file(String name) {
        return home.resolve(name);
    }

    /** A program on PATH. */
    Path program(String name) {
        return bin.resolve(name);
    }

    /** Creates a program on PATH from a complete script. */
    void program(String name, String text) throws IOException {
        Files.deleteIfExists(program(name));
        Files.writeString(program(name), text);
        Files.setPosixFilePermissions(program(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Creates a link to a program on PATH. */
    Path link(String name, Path target) throws IOException {
        Files.deleteIfExists(program(name));
        return Files.createSymbolicLink(program(name), target);
    }

    /** Leaves only the programs on PATH that the launcher itself calls, but no Java. */
    void withoutJavaOnPath() throws IOException {
        for (String tool : List.of("dirname", "readlink")) {
            link(
                    tool,
                    Stream.of("/bin", "/usr/bin")
                            .map(folder -> Path.of(folder, tool))
                            .filter(Files::exists)
                            .findFirst()
                            .orElseThrow());
        }
        set("PATH", bin);
    }

    /** Runs {@code scripts/NAME} without input. */
    Outcome script(String name, String... arguments) throws Exception {
        Path script = LAUNCHER.resolveSibling(name);
        return run(
                "",
                Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                        .toList());
    }

    /** Runs a command with a user's input. */
    Outcome run(String typed, List<String> command) throws Exception {
        Path output = scratch.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(typed.getBytes(UTF_8));
        }
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(output));
    }
}

package dev.codexmcp.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A home folder, a PATH and a launcher for tests of the command, which run it in this JVM. */
final class ScratchHome {
    static final String CODEX = ".codex/config.toml";
    static final String CLAUDE = ".claude.json";
    static final String CURSOR = ".cursor/mcp.json";
    static final String VSCODE = System.getProperty("os.name", "").startsWith("Mac")
            ? "Library/Application Support/Code/User/mcp.json"
            : ".config/Code/User/mcp.json";

    private final Path scratch;
    private final Path home;
    private final Path bin;
    private final Path launcher;
    private final Map<String, String> variables = new LinkedHashMap<>();

    /** A command's exit code, and its output on both streams. */
    record Outcome(int exitCode, String output) {}

    ScratchHome(Path scratch) throws IOException {
        this.scratch = scratch.toRealPath();
        home = Files.createDirectory(this.scratch.resolve("a home"));
        bin = Files.createDirectory(this.scratch.resolve("bin"));
        launcher = Files.createDirectories(this.scratch.resolve("v2/scripts")).resolve("codex-mcp-server");
        script(launcher, "exit 0");
        variables.put("HOME", home.toString());
        variables.put("PATH", bin + ":/usr/bin:/bin");
    }

    /** Runs {@code install} without input. */
    Outcome install(String... arguments) throws InterruptedException {
        return installAnswering("", arguments);
    }

    /** Runs {@code install} with a user's input. */
    Outcome installAnswering(String typed, String... arguments) throws InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(output, true, UTF_8);
        Terminal terminal = new Terminal(stream, stream, new ByteArrayInputStream(typed.getBytes(UTF_8)));
        int exitCode = InstallCommand.run(List.of(arguments), launcher, environment(), terminal);
        return new Outcome(exitCode, output.toString(UTF_8));
    }

    Environment environment() {
        return new Environment(variables, scratch);
    }

    ScratchHome set(String name, Object value) {
        variables.put(name, value.toString());
        return this;
    }

    /** Creates a shell script on PATH. */
    void program(String name, String body) throws IOException {
        script(bin.resolve(name), body);
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path launcher() {
        return launcher;
    }

    Path scratch() {
        return scratch;
    }

    Path file(String name) {
        return home.resolve(name);
    }

    String read(String name) throws IOException {
        return Files.readString(file(name));
    }

    void write(String name, String text) throws IOException {
        Files.createDirectories(file(name).getParent());
        Files.writeString(file(name), text);
    }

    /** The text of every file in the home, by name. */
    Map<String, String> files() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : listed(home)) {
            files.put(name, read(name));
        }
        return files;
    }

    /** The relative paths of all files below a folder. */
    static List<String> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new ArrayList<>(files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList());
        }
    }
}

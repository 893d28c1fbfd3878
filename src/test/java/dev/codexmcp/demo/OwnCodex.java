package dev.codexmcp.demo;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The user's own Codex CLI and login. */
final class OwnCodex {

    private record Said(int exitCode, String text) {}

    private OwnCodex() {}

    /** Checks that workers can run before any is started, and returns a description of the CLI. */
    static String check() {
        String program = program();
        Said version = run(program, "--version");
        if (version.exitCode != 0) {
            throw new DemoFailure(
                    program + " --version fails: " + version.text + "\nReinstall it: npm install -g @openai/codex");
        }
        Said login = run(program, "login", "status");
        boolean keyed = variable("CODEX_API_KEY").isPresent();
        if (login.exitCode != 0 && !keyed && !configNamesAProvider()) {
            throw new DemoFailure("The Codex CLI has no login here: " + login.text
                    + "\nRun codex login, or set CODEX_API_KEY. Without --real the demo needs neither.");
        }
        String how =
                login.exitCode == 0 ? login.text : keyed ? "CODEX_API_KEY" : "the model_provider of your config.toml";
        return version.text + ", " + how;
    }

    private static String program() {
        Optional<String> named = variable("CODEX_MCP_CODEX_BIN");
        String name = named.orElse("codex");
        if (name.contains(File.separator) && Files.isExecutable(Path.of(name))) {
            return name;
        }
        return Arrays.stream(variable("PATH").orElse("").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty() && !name.contains(File.separator))
                .map(folder -> Path.of(folder, name))
                .filter(path -> Files.isExecutable(path) && !Files.isDirectory(path))
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new DemoFailure((named.isPresent()
                                ? "CODEX_MCP_CODEX_BIN is " + name + ", which is not a program."
                                : "There is no codex on PATH.")
                        + "\nInstall it: npm install -g @openai/codex. Without --real the demo needs none."));
    }

    /** A custom model provider may need no login. */
    private static boolean configNamesAProvider() {
        Path home = variable("CODEX_HOME")
                .map(Path::of)
                .orElse(Path.of(variable("HOME").orElse("")).resolve(".codex"));
        try {
            Path config = home.resolve("config.toml");
            return Files.isRegularFile(config)
                    && Files.readString(config).lines().anyMatch(line -> line.matches("\\s*model_provider\\s*=.*"));
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    private static Said run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Said(process.waitFor(), text.lines().reduce("", (before, line) -> line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted");
        }
    }
}

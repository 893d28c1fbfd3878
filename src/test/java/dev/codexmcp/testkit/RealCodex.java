package dev.codexmcp.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The real Codex CLI. In this order: the one that the system property {@value #PROPERTY} or the variable {@value #VARIABLE}
 * names; the one on PATH, if it is {@value #VERSION} or a later 0.x; the one in the cache, where npm installs the pinned
 * version once.
 *
 * @param script the program to run: npm's wrapper script, or what the override names
 * @param binary the native program behind the script
 */
public record RealCodex(Path script, Path binary) {

    public static final String VERSION = "0.169.0";
    public static final String PROPERTY = "codexmcp.codex";
    public static final String VARIABLE = "CODEX_MCP_TEST_CODEX";

    private static final Pattern VERSION_LINE = Pattern.compile("codex-cli (\\d+)\\.(\\d+)\\.(\\d+)");

    private static @Nullable RealCodex found;

    /** Finds the CLI; installs it if there is none. */
    public static synchronized RealCodex find() {
        if (found == null) {
            found = search();
        }
        return found;
    }

    /** Finds the CLI, installs it if there is none, and prints the program to run. */
    public static void main(String[] args) {
        System.out.println(find().script());
    }

    private static RealCodex search() {
        String override = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (override != null && !override.isBlank()) {
            return of(Path.of(override));
        }
        return onPath().map(RealCodex::of).orElseGet(() -> of(install()));
    }

    private static Path install() {
        try {
            return new NpmPackage("@openai/codex", VERSION, "codex", "400 MB").installed();
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new IllegalStateException(
                    "there is no Codex CLI: it comes from npm, so Node.js with npm is needed, or a codex that "
                            + VARIABLE + " names. " + e.getMessage(),
                    e);
        }
    }

    private static RealCodex of(Path script) {
        try {
            return new RealCodex(script.toAbsolutePath(), nativeBinary(script.toRealPath()));
        } catch (IOException e) {
            throw new UncheckedIOException("no Codex CLI at " + script, e);
        }
    }

    /** The program behind npm's script, or the program itself if it is not a script. */
    private static Path nativeBinary(Path program) throws IOException {
        if (!program.getFileName().toString().endsWith(".js")) {
            return program;
        }
        // …/node_modules/@openai/codex/bin/codex.js, and the native program in a package beside codex, or inside it
        Path scope = program.resolve("../../..").normalize();
        try (Stream<Path> files = Files.find(
                scope,
                9,
                (file, attributes) -> attributes.isRegularFile()
                        && file.endsWith("bin/codex")
                        && file.toString().contains("/vendor/"))) {
            return files.findFirst().orElseThrow(() -> new IOException("no native program below " + scope));
        }
    }

    private static Optional<Path> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, "codex"))
                .filter(Files::isExecutable)
                .findFirst()
                .filter(RealCodex::isRecent);
    }

    private static boolean isRecent(Path codex) {
        Matcher matcher = VERSION_LINE.matcher(
                NpmPackage.run(null, codex.toString(), "--version").output());
        return matcher.find()
                && matcher.group(1).equals("0")
                && Integer.parseInt(matcher.group(2)) >= Integer.parseInt(VERSION.split("\\.", -1)[1]);
    }
}

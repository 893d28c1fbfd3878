package dev.codexmcp.kit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The real Codex CLI. In this order: the one that the system property {@value #PROPERTY} or the variable {@value #VARIABLE}
 * names; the one on PATH, if it is {@value #VERSION} or a later 0.x; the one in the cache, where npm installs the pinned
 * version once.
 *
 * @param script the program to run: npm's wrapper script, or whatever the override names
 * @param binary the native program behind the script
 */
public record RealCodex(Path script, Path binary) {

    public static final String VERSION = "0.169.0";
    public static final String PROPERTY = "codexmcp.codex";
    public static final String VARIABLE = "CODEX_MCP_TEST_CODEX";

    private static final String PACKAGE = "@openai/codex@" + VERSION;
    private static final Pattern VERSION_LINE = Pattern.compile("codex-cli (\\d+)\\.(\\d+)\\.(\\d+)");

    private static @Nullable RealCodex found;

    /** Finds the CLI; installs it where there is none. */
    public static synchronized RealCodex find() {
        if (found == null) {
            found = search();
        }
        return found;
    }

    /** Finds the CLI, installs it where there is none, and prints the program to run. */
    public static void main(String[] args) {
        System.out.println(find().script());
    }

    private static RealCodex search() {
        String override = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (override != null && !override.isBlank()) {
            return of(Path.of(override));
        }
        return onPath().map(RealCodex::of).orElseGet(() -> of(installed(cache())));
    }

    private static RealCodex of(Path script) {
        try {
            return new RealCodex(script.toAbsolutePath(), nativeBinary(script.toRealPath()));
        } catch (IOException e) {
            throw new UncheckedIOException("no Codex CLI at " + script, e);
        }
    }

    /** The program behind npm's script, or the program itself where it is no script. */
    private static Path nativeBinary(Path program) throws IOException {
        if (!program.getFileName().toString().endsWith(".js")) {
            return program;
        }
        // …/node_modules/@openai/codex/bin/codex.js, and the native program in a package beside codex, or inside of it
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
        Matcher matcher =
                VERSION_LINE.matcher(run(null, codex.toString(), "--version").output());
        return matcher.find()
                && matcher.group(1).equals("0")
                && Integer.parseInt(matcher.group(2)) >= Integer.parseInt(VERSION.split("\\.", -1)[1]);
    }

    private static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("codex-mcp-server");
    }

    /**
     * Installs the CLI into a cache unless it is there. Processes that come at once wait for each other at a lock file; the
     * folder gets its name when it is complete, so that an install that was cut off is never taken for one.
     */
    static Path installed(Path cache) {
        Path home = cache.resolve("codex-" + VERSION);
        Path script = home.resolve("node_modules/.bin/codex");
        if (Files.isExecutable(script)) {
            return script;
        }
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve("codex-" + VERSION + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isExecutable(script)) {
                    install(cache, home);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the Codex CLI cannot be installed into " + cache, e);
        }
        return script;
    }

    private static void install(Path cache, Path home) throws IOException {
        Path fresh = Files.createTempDirectory(cache, "installing-");
        try {
            System.err.println("Installing the Codex CLI " + VERSION + " from npm into " + home + " (once, 400 MB)…");
            Files.writeString(fresh.resolve("package.json"), "{\"private\":true}\n");
            Outcome npm = run(fresh, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", PACKAGE);
            if (npm.exitCode() != 0) {
                throw new IllegalStateException("npm could not install " + PACKAGE + " (exit code " + npm.exitCode()
                        + "). Set " + VARIABLE + " to a codex that is there.\n" + npm.output());
            }
            Folders.deleteTree(home);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.deleteTree(fresh);
        }
    }

    private record Outcome(int exitCode, String output) {}

    private static Outcome run(@Nullable Path directory, String... command) {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .directory(directory == null ? null : directory.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot run " + command[0] + ": the real Codex CLI comes from npm, so Node.js with npm is needed,"
                            + " or a codex that " + VARIABLE + " names",
                    e);
        }
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException(command[0] + " closed its output but does not end");
            }
            return new Outcome(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("lost the output of " + command[0], e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command[0] + " ran", e);
        } finally {
            process.destroyForcibly();
        }
    }
}

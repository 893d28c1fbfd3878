package dev.codexmcp.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program or a library from npm at a pinned version, installed once into a cache of the user.
 *
 * @param name the package, {@code @scope/name}
 * @param program the program in it; for a library, the name of its folder in the cache
 * @param size the size of the download, for the person who waits for it
 */
public record NpmPackage(String name, String version, String program, String size) {

    record Outcome(int exitCode, String output) {}

    /** The program in the user's cache; installs it if it is missing. */
    public Path installed() {
        return folder().resolve("node_modules/.bin").resolve(program);
    }

    /** The folder in the user's cache that holds {@code node_modules}; installs the package if it is missing. */
    public Path folder() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return folder(caches.resolve("codex-mcp-server"));
    }

    /**
     * The package's folder in a cache. Processes that need it at the same time wait for each other at a lock file. The folder
     * gets its name only when it is complete, so that a broken-off install is never used; the next one removes what it left.
     */
    private Path folder(Path cache) {
        Path home = cache.resolve(program + "-" + version);
        Path complete = home.resolve("node_modules").resolve(name);
        if (Files.isDirectory(complete)) {
            return home;
        }
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve(home.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isDirectory(complete)) {
                    install(cache, home);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be installed into " + cache, e);
        }
        return home;
    }

    private void install(Path cache, Path home) throws IOException {
        String prefix = "installing-" + program + "-";
        try (DirectoryStream<Path> cutOff = Files.newDirectoryStream(cache, prefix + "*")) {
            cutOff.forEach(ScratchFolders::deleteTree);
        }
        Path fresh = Files.createTempDirectory(cache, prefix);
        try {
            System.err.println(
                    "Installing " + name + " " + version + " from npm into " + home + " (once, " + size + ")…");
            Files.writeString(fresh.resolve("package.json"), "{\"private\":true}\n");
            Outcome npm =
                    run(fresh, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", name + "@" + version);
            if (npm.exitCode() != 0) {
                throw new IllegalStateException("npm could not install " + name + "@" + version + " (exit code "
                        + npm.exitCode() + "):\n" + npm.output());
            }
            ScratchFolders.deleteTree(home);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            ScratchFolders.deleteTree(fresh);
        }
    }

    /** Runs a program to its end. */
    static Outcome run(@Nullable Path directory, String... command) {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .directory(directory == null ? null : directory.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command[0], e);
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

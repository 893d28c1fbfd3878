package dev.codexmcp.dashboard;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the page in the user's browser through a file that redirects to it: every user of the machine can read command lines, so the address with the token must not be part of one.
 */
public final class Browser implements AutoCloseable {
    private final Path file;

    private Browser(Path file) {
        this.file = file;
    }

    /** Opens the page. Empty if there is no screen, or no program that opens files. */
    public static Optional<Browser> open(String url, Map<String, String> environment) throws IOException {
        boolean mac = System.getProperty("os.name", "").startsWith("Mac");
        if (!mac && !environment.containsKey("DISPLAY") && !environment.containsKey("WAYLAND_DISPLAY")) {
            return Optional.empty();
        }
        Path file = Files.createTempFile(
                "codex-mcp-server",
                ".html",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    file,
                    "<!doctype html><meta charset=\"utf-8\"><title>codex-mcp-server</title>"
                            + "<meta http-equiv=\"refresh\" content=\"0;url=" + url + "\">\n");
            new ProcessBuilder(mac ? "open" : "xdg-open", file.toString())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Optional.of(new Browser(file));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            return Optional.empty();
        }
    }

    /** Deletes the file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}

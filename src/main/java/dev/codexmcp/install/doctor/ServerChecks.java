package dev.codexmcp.install.doctor;

import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.LineProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks the server itself: that its jar exists, and that it starts and responds. */
final class ServerChecks {
    private static final int STARTS = 5;
    private static final int SECONDS = 20;

    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"doctor\",\"version\":\"1\"}}}";

    private final Report report;
    private final Environment environment;
    private final Path launcher;

    ServerChecks(Report report, Environment environment, Path launcher) {
        this.report = report;
        this.environment = environment;
        this.launcher = launcher.toAbsolutePath();
    }

    void run() throws IOException, InterruptedException {
        if (jar() && starts()) {
            roundTrip();
        }
    }

    private boolean jar() throws IOException {
        Path here = launcher.resolveSibling("");
        Path root = here.resolve("..").normalize();
        Optional<Path> jar = Stream.of(here, root.resolve("lib"), root.resolve("target"))
                .map(folder -> folder.resolve("codex-mcp-server.jar"))
                .filter(Files::isRegularFile)
                .findFirst();
        boolean clone = Files.exists(root.resolve("pom.xml"));
        if (jar.isEmpty()) {
            report.wrong(
                    "Jar",
                    "missing" + (clone ? ": the first start would build it while the host waits" : ""),
                    clone ? "./mvnw package -DskipTests in " + root : "reinstall the server");
            return false;
        }
        String archive = hasArchive(jar.get().resolveSibling("")) ? ", with a class archive for a faster start" : "";
        report.ok("Jar", jar.get() + archive);
        if (clone
                && jar.get().startsWith(root.resolve("target"))
                && newestSource(root).compareTo(Files.getLastModifiedTime(jar.get())) > 0) {
            report.note("Jar", "older than the sources; rebuild it with ./mvnw package -DskipTests");
        }
        return true;
    }

    /** The launcher creates one archive per Java build; an empty file means that it failed. */
    private static boolean hasArchive(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> String.valueOf(file.getFileName()).matches("codex-mcp-server-.+\\.(jsa|aot)")
                    && file.toFile().length() > 0);
        }
    }

    private static FileTime newestSource(Path root) throws IOException {
        FileTime newest = Files.getLastModifiedTime(root.resolve("pom.xml"));
        if (Files.isDirectory(root.resolve("src/main"))) {
            try (Stream<Path> files = Files.walk(root.resolve("src/main"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    FileTime time = Files.getLastModifiedTime(file);
                    newest = time.compareTo(newest) > 0 ? time : newest;
                }
            }
        }
        return newest;
    }

    private LineProgram start() throws IOException {
        return new LineProgram(environment, SECONDS, List.of(launcher.toString()));
    }

    private boolean starts() throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            long begun = System.nanoTime();
            try (LineProgram server = start()) {
                if (!server.ask(INITIALIZE).contains("\"id\":1,\"result\"")) {
                    report.wrong(
                            "Start",
                            "the server does not answer initialize: " + server.lastWords(),
                            "run scripts/codex-mcp-server --version, and correct the error it reports");
                    return false;
                }
                millis.add((System.nanoTime() - begun) / 1e6);
            }
        }
        millis.sort(null);
        report.ok(
                "Start",
                String.format(
                        Locale.ROOT,
                        "%.0f ms until the response to initialize (median of %d, %.0f to %.0f)",
                        millis.get(STARTS / 2),
                        STARTS,
                        millis.get(0),
                        millis.get(STARTS - 1)));
        return true;
    }

    private void roundTrip() throws IOException, InterruptedException {
        try (LineProgram server = start()) {
            String hello = server.ask(INITIALIZE);
            server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            String tools = server.ask("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}");
            String pong = server.ask("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":"
                    + "{\"name\":\"ping\",\"arguments\":{\"message\":\"doctor\"}}}");
            int count = tools.split("\"inputSchema\"", -1).length - 1;
            int exitCode = server.end();
            if (!hello.contains("\"name\":\"codex-mcp-server\"")
                    || count == 0
                    || !pong.contains("\"text\":\"doctor\"")) {
                report.wrong(
                        "Round trip",
                        "a response is missing or invalid: " + server.lastWords(),
                        "rebuild the server (./mvnw package), and report this if it persists");
            } else if (exitCode != 0) {
                report.wrong(
                        "Round trip",
                        "the server exited with code " + exitCode + ": " + server.lastWords(),
                        "report this");
            } else {
                report.ok("Round trip", "initialize, tools/list (" + count + " tools), ping, shutdown");
            }
        }
    }
}

package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A clone with the real server, whose class archive is created by the real Java. */
final class RealTraining {
    private final Path scratch;
    private final Path launcher;
    private final Path target;
    private final Path jar;

    private RealTraining(Path scratch, LauncherClone clone) {
        this.scratch = scratch;
        launcher = clone.launcher();
        target = clone.target();
        jar = clone.jar();
    }

    /** Lays out the clone, without an archive. */
    static RealTraining in(Path scratch) throws IOException {
        LauncherClone clone = LauncherClone.in(scratch);
        LauncherClone.copy(LauncherClone.JAR, clone.jar());
        return new RealTraining(scratch, clone);
    }

    Path launcher() {
        return launcher;
    }

    Path target() {
        return target;
    }

    Path jar() {
        return jar;
    }

    /** Uses the server as a client, and returns whether its classes came from the archive. */
    boolean serves(Path javaHome) throws IOException {
        Path log = scratch.resolve("classes.txt");
        try (McpClient client = McpClient.start(
                List.of(launcher.toString()),
                Map.of("JAVA_HOME", javaHome.toString(), "CODEX_MCP_JAVA_OPTS", "-Xlog:class+load:file=" + log))) {
            assertThat(tools(client)).isNotEmpty();
            assertThat(client.call("ping", Map.of("message", "here")).text()).isEqualTo("here");
            assertThat(client.transcript().lines(Transcript.Source.STDERR)).isEmpty();
        }
        try (Stream<String> lines = Files.lines(log)) {
            String main = lines.filter(line -> line.contains(" dev.codexmcp.Main source:"))
                    .findFirst()
                    .orElseThrow();
            return main.contains("shared objects file");
        }
    }

    static JsonNode tools(McpClient client) {
        return client.request("tools/list", TestJson.object()).path("result").path("tools");
    }

    void train(Path javaHome) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--train");
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.redirectErrorStream(true);
        Process training = builder.start();
        assertThat(new String(training.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(training.exitValue()).isZero();
    }

    void awaitArchive() {
        Polling.on("an archive in " + target)
                .atMost(Duration.ofMinutes(2))
                .until(() -> archives().size() == 1 && isAtRest());
    }

    /** Whether only the jar and the archives exist. */
    boolean isAtRest() throws IOException {
        return files().size() == 1 + archives().size();
    }

    Path archive() throws IOException {
        return archives().get(0);
    }

    List<Path> archives() throws IOException {
        return files().stream()
                .filter(file ->
                        file.toString().endsWith(".jsa") || file.toString().endsWith(".aot"))
                .toList();
    }

    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.toList();
        }
    }
}

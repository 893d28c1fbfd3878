package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The archive of classes that makes starts fast: whatever has become of it, the server works, says nothing about it, and makes
 * another. That stdout holds JSON-RPC and nothing else is what {@link McpClient#close} checks.
 */
class ClassArchiveIT {
    private static final Path JAR = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.jar")));
    private static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path scratch;

    private Path launcher;
    private Path target;
    private Path jar;

    @BeforeEach
    void install() throws IOException {
        launcher = Files.createDirectories(scratch.resolve("scripts")).resolve("codex-mcp-server");
        target = Files.createDirectories(scratch.resolve("target"));
        jar = target.resolve("codex-mcp-server.jar");
        Files.copy(LAUNCHER, launcher, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(JAR, jar, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** What can become of an archive whose size is still right, or is not. */
    enum Damage {
        NONE {
            @Override
            byte[] of(byte[] archive) {
                return archive;
            }
        },
        EMPTY {
            @Override
            byte[] of(byte[] archive) {
                return new byte[0];
            }
        },
        SHORTENED {
            @Override
            byte[] of(byte[] archive) {
                return Arrays.copyOf(archive, archive.length / 2);
            }
        },
        NO_HEADER {
            @Override
            byte[] of(byte[] archive) {
                Arrays.fill(archive, 0, 4096, (byte) 0);
                return archive;
            }
        },
        CHANGED_WITHIN {
            @Override
            byte[] of(byte[] archive) {
                for (int i = archive.length / 4; i < archive.length / 2; i += 997) {
                    archive[i] ^= 0x55;
                }
                return archive;
            }
        };

        abstract byte[] of(byte[] archive);
    }

    @ParameterizedTest
    @EnumSource
    void damagedArchiveCostsTimeOnly(Damage damage) throws Exception {
        train(JAVA_HOME);
        Path archive = archive();
        byte[] damaged = damage.of(Files.readAllBytes(archive));
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, damaged);

        assertThat(serves(JAVA_HOME)).isEqualTo(damage == Damage.NONE);
    }

    /** Its length is what the launcher goes by: where that is told wrongly, the JVM has to find out. */
    @Test
    void shortenedArchiveWhoseSizeIsToldAsRightIsNotUsed() throws Exception {
        train(JAVA_HOME);
        Path archive = archive();
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, new byte[4096]);
        Files.writeString(size(archive), "4096\n");
        Files.setLastModifiedTime(size(archive), Files.getLastModifiedTime(jar));

        assertThat(serves(JAVA_HOME)).isFalse();
    }

    @Test
    void missingArchiveIsMadeForTheNextStart() throws Exception {
        assertThat(serves(JAVA_HOME)).isFalse();

        awaitArchive();
        assertThat(serves(JAVA_HOME)).isTrue();
    }

    @Test
    void archiveOfAnOlderJarIsMadeAnew() throws Exception {
        train(JAVA_HOME);
        FileTime made = Files.getLastModifiedTime(archive());
        Files.setLastModifiedTime(jar, FileTime.fromMillis(made.toMillis() + 1000));

        assertThat(serves(JAVA_HOME)).isFalse();

        Polling.until(
                "a new archive", () -> Files.getLastModifiedTime(archive()).compareTo(made) > 0 && isAtRest());
        assertThat(serves(JAVA_HOME)).isTrue();
    }

    @Test
    void archiveOfAnotherJarWithAnOlderTimeIsNotUsed() throws Exception {
        train(JAVA_HOME);
        long made = Files.getLastModifiedTime(archive()).toMillis();
        Files.setLastModifiedTime(jar, FileTime.fromMillis(made - 3_600_000));

        assertThat(serves(JAVA_HOME)).isFalse();
    }

    /** Other Javas of this machine that the server runs on. */
    static Stream<Path> otherJavas() throws IOException {
        List<Path> found = new ArrayList<>();
        Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                for (Path home :
                        homes.map(ClassArchiveIT::real).distinct().sorted().toList()) {
                    if (Files.isExecutable(home.resolve("bin/java"))
                            && !home.equals(JAVA_HOME.toRealPath())
                            && major(home) >= 17) {
                        found.add(home);
                    }
                }
            }
        }
        // A test without a case would be an error; this one is skipped.
        return found.isEmpty() ? Stream.of(JAVA_HOME) : found.stream();
    }

    @ParameterizedTest
    @MethodSource("otherJavas")
    void everyJavaHasAnArchiveOfItsOwn(Path other) throws Exception {
        assumeTrue(!other.equals(JAVA_HOME), "there is one Java here");
        train(JAVA_HOME);
        Path ours = archive();
        assertThat(serves(other)).isFalse();

        Polling.until("an archive for " + other, () -> archives().size() == 2 && isAtRest());
        assertThat(serves(other)).isTrue();
        assertThat(serves(JAVA_HOME)).isTrue();

        // Under the name of the other's, as after a replacement of Java by one that calls itself the same.
        Path theirs = archives().stream()
                .filter(file -> !file.equals(ours))
                .findFirst()
                .orElseThrow();
        assertThat(theirs.toFile().setWritable(true)).isTrue();
        Files.write(theirs, Files.readAllBytes(ours));
        Files.copy(size(ours), size(theirs), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(serves(other)).isFalse();
    }

    @Test
    void folderThatCannotBeWrittenToIsLeftAsItIs() throws Exception {
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
        List<String> command = new ArrayList<>();
        if (Files.isWritable(target)) { // the superuser, who can always write
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv to be somebody else with");
            command.addAll(List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.add(launcher.toString());
        try (McpClient client = McpClient.server(command)
                .environment(Map.of("JAVA_HOME", JAVA_HOME.toString()))
                .start()) {
            assertThat(tools(client)).isNotEmpty();
            assertThat(client.transcript().lines(Transcript.Stream.STDERR)).isEmpty();
        } finally {
            Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(files()).containsExactly(jar);
    }

    @Test
    void serversThatStartAtOnceWorkAndMakeOneArchive() throws Exception {
        List<McpClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(McpClient.server(List.of(launcher.toString()))
                        .environment(Map.of("JAVA_HOME", JAVA_HOME.toString()))
                        .startSilently());
            }
            for (McpClient client : clients) {
                client.request("initialize", TestJson.object().put("protocolVersion", "2025-06-18"));
                assertThat(tools(client)).isNotEmpty();
            }
        } finally {
            clients.forEach(McpClient::close);
        }

        awaitArchive();
        assertThat(serves(JAVA_HOME)).isTrue();
    }

    /** Has a client use the server in full; tells whether its classes came from the archive. */
    private boolean serves(Path javaHome) throws IOException {
        Path log = scratch.resolve("classes.txt");
        try (McpClient client = McpClient.start(
                List.of(launcher.toString()),
                Map.of("JAVA_HOME", javaHome.toString(), "CODEX_MCP_JAVA_OPTS", "-Xlog:class+load:file=" + log))) {
            assertThat(tools(client)).isNotEmpty();
            assertThat(client.call("ping", Map.of("message", "here")).text()).isEqualTo("here");
            assertThat(client.transcript().lines(Transcript.Stream.STDERR)).isEmpty();
        }
        try (Stream<String> lines = Files.lines(log)) {
            String main = lines.filter(line -> line.contains(" dev.codexmcp.Main source:"))
                    .findFirst()
                    .orElseThrow();
            return main.contains("shared objects file");
        }
    }

    private static JsonNode tools(McpClient client) {
        return client.request("tools/list", TestJson.object()).path("result").path("tools");
    }

    private void train(Path javaHome) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--train");
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.redirectErrorStream(true);
        Process training = builder.start();
        assertThat(new String(training.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(training.exitValue()).isZero();
    }

    private void awaitArchive() {
        Polling.on("an archive in " + target)
                .atMost(Duration.ofMinutes(2))
                .until(() -> archives().size() == 1 && isAtRest());
    }

    /** Nobody is making an archive: there is the jar, and each archive with its size. */
    private boolean isAtRest() throws IOException {
        List<Path> archives = archives();
        return files().size() == 1 + 2 * archives.size();
    }

    private Path archive() throws IOException {
        return archives().get(0);
    }

    private List<Path> archives() throws IOException {
        return files().stream()
                .filter(file ->
                        file.toString().endsWith(".jsa") || file.toString().endsWith(".aot"))
                .toList();
    }

    private static Path size(Path archive) {
        return archive.resolveSibling(archive.getFileName() + ".size");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.toList();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static int major(Path javaHome) {
        Properties release = new Properties();
        try (var in = Files.newInputStream(javaHome.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            return 0;
        }
        String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("\\.")[0]);
    }
}

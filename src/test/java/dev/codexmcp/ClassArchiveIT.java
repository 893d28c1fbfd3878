package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.faults.Wait;
import dev.codexmcp.kit.Json;
import dev.codexmcp.kit.McpClient;
import dev.codexmcp.kit.OrdinaryUser;
import dev.codexmcp.kit.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * The class archive that makes starts fast. Whatever happens to it, the server works without a word about it, and makes
 * another. That stdout holds JSON-RPC and nothing else is what {@link McpClient#close} checks.
 */
class ClassArchiveIT {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path scratch;

    private LauncherClone clone;
    private Path launcher;
    private Path target;
    private Path jar;

    @BeforeEach
    void install() throws IOException {
        clone = LauncherClone.in(scratch);
        launcher = clone.launcher();
        target = clone.target();
        jar = clone.jar();
        LauncherClone.copy(LauncherClone.JAR, jar);
    }

    @ParameterizedTest
    @EnumSource
    void damagedArchiveCostsTimeOnly(ArchiveDamage damage) throws Exception {
        train(JAVA_HOME);
        Path archive = archive();
        LauncherClone.holdTraining(archive);
        byte[] damaged = damage.of(Files.readAllBytes(archive));
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, damaged);

        assertThat(serves(JAVA_HOME)).isEqualTo(damage == ArchiveDamage.NONE);
    }

    /** The launcher compares sizes only: if the noted size is wrong too, the JVM has to notice. */
    @Test
    void shortenedArchiveWithItsSizeNotedIsNotUsed() throws Exception {
        train(JAVA_HOME);
        Path archive = archive();
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, new byte[4096]);
        Files.writeString(size(archive), "4096\n");
        Files.setLastModifiedTime(size(archive), Files.getLastModifiedTime(jar));

        assertThat(serves(JAVA_HOME)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "SHORTENED"})
    void archiveOfTheWrongSizeIsMadeAgain(ArchiveDamage damage) throws Exception {
        train(JAVA_HOME);
        Path archive = archive();
        byte[] damaged = damage.of(Files.readAllBytes(archive));
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, damaged);

        assertThat(serves(JAVA_HOME)).isFalse();

        Wait.until("a new archive", () -> Files.size(archive) > damaged.length && isAtRest());
        assertThat(serves(JAVA_HOME)).isTrue();
    }

    /** What 0.1.0 left if its training was killed, and what this version leaves. */
    @Test
    void leftOverLocksDoNotPreventTheArchive() throws Exception {
        train(JAVA_HOME);
        Path archive = archive();
        Files.delete(archive);
        Path folder = Files.createDirectory(archive.resolveSibling(archive.getFileName() + ".lock"));
        Files.createSymbolicLink(LauncherClone.trainingLock(archive), Path.of("another.example:boot:1:1"));
        ProcessBuilder touch = new ProcessBuilder(
                "touch",
                "-h",
                "-t",
                "202001010000",
                LauncherClone.trainingLock(archive).toString());
        assertThat(touch.start().waitFor()).isZero();

        assertThat(serves(JAVA_HOME)).isFalse();

        Wait.until(
                "a new archive",
                () -> archives().size() == 1 && !Files.isSymbolicLink(LauncherClone.trainingLock(archive)));
        Files.delete(folder);
        assertThat(serves(JAVA_HOME)).isTrue();
    }

    /** Java would leave a part of the archive. */
    @Test
    void limitOnTheSizeOfFilesLeavesNoTrace() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", "ulimit -f 4000; exec \"$0\" --train", launcher.toString());
        builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
        assertThat(builder.start().waitFor()).isZero();
        assertThat(files()).containsExactly(jar);

        train(JAVA_HOME);
        assertThat(serves(JAVA_HOME)).isTrue();
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

        Wait.until("a new archive", () -> Files.getLastModifiedTime(archive()).compareTo(made) > 0 && isAtRest());
        assertThat(serves(JAVA_HOME)).isTrue();
    }

    @Test
    void archiveOfAnotherJarWithAnOlderTimeIsNotUsed() throws Exception {
        train(JAVA_HOME);
        LauncherClone.holdTraining(archive());
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

        Wait.until("an archive for " + other, () -> archives().size() == 2 && isAtRest());
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
        assumeTrue(OrdinaryUser.isAvailable(), OrdinaryUser.MISSING);
        List<String> command = OrdinaryUser.command(List.of(launcher.toString()));
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
                client.request("initialize", Json.object().put("protocolVersion", "2025-06-18"));
                assertThat(tools(client)).isNotEmpty();
            }
        } finally {
            clients.forEach(McpClient::close);
        }

        awaitArchive();
        assertThat(serves(JAVA_HOME)).isTrue();
    }

    /** Has a client use the server, and returns whether its classes came from the archive. */
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
        return client.request("tools/list", Json.object()).path("result").path("tools");
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
        Wait.on("an archive in " + target)
                .atMost(Duration.ofMinutes(2))
                .until(() -> archives().size() == 1 && isAtRest());
    }

    /** Whether there is nothing but the jar, and each archive with its size. */
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

package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.OrdinaryUser;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The class archive that speeds up starts. Whatever happens to it, the server works, reports nothing and creates
 * another. {@link McpClient#close} checks that stdout contains only JSON-RPC.
 */
@Tag("slow")
class ClassArchiveIT {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path scratch;

    private RealTraining training;

    @BeforeEach
    void install() throws IOException {
        training = RealTraining.in(scratch);
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedArchiveOnlyCostsTime(ArchiveDamage damage) throws Exception {
        training.train(JAVA_HOME);
        Path archive = training.archive();
        LauncherClone.blockTraining(archive);
        byte[] damaged = damage.of(Files.readAllBytes(archive));
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, damaged);

        assertThat(training.serves(JAVA_HOME)).isFalse();
    }

    /** The launcher only compares times: what it cannot see, the JVM must detect. */
    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "NO_HEADER"})
    void doesNotUseADamagedArchiveWithAMatchingTime(ArchiveDamage damage) throws Exception {
        training.train(JAVA_HOME);
        Path archive = training.archive();
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, damage.of(Files.readAllBytes(archive)));
        Files.setLastModifiedTime(archive, Files.getLastModifiedTime(training.jar()));

        assertThat(training.serves(JAVA_HOME)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "SHORTENED"})
    void recreatesADamagedArchive(ArchiveDamage damage) throws Exception {
        training.train(JAVA_HOME);
        Path archive = training.archive();
        byte[] damaged = damage.of(Files.readAllBytes(archive));
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, damaged);

        assertThat(training.serves(JAVA_HOME)).isFalse();

        Polling.until("a new archive", () -> Files.size(archive) > damaged.length && training.isAtRest());
        assertThat(training.serves(JAVA_HOME)).isTrue();
    }

    /** The locks that 0.1.0 and this version leave if a training run is killed. */
    @Test
    void createsTheArchiveDespiteStaleLocks() throws Exception {
        training.train(JAVA_HOME);
        Path archive = training.archive();
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

        assertThat(training.serves(JAVA_HOME)).isFalse();

        Polling.until(
                "a new archive",
                () -> training.archives().size() == 1 && !Files.isSymbolicLink(LauncherClone.trainingLock(archive)));
        Files.delete(folder);
        assertThat(training.serves(JAVA_HOME)).isTrue();
    }

    /** Java would leave a partial archive. */
    @Test
    void leavesNothingUnderAFileSizeLimit() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -f 4000; exec \"$0\" --train",
                training.launcher().toString());
        builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
        assertThat(builder.start().waitFor()).isZero();
        assertThat(training.files()).containsExactly(training.jar());

        training.train(JAVA_HOME);
        assertThat(training.serves(JAVA_HOME)).isTrue();
    }

    @Test
    void createsAMissingArchiveForTheNextStart() throws Exception {
        assertThat(training.serves(JAVA_HOME)).isFalse();

        training.awaitArchive();
        assertThat(training.serves(JAVA_HOME)).isTrue();
    }

    @Test
    void recreatesTheArchiveOfAnOlderJar() throws Exception {
        training.train(JAVA_HOME);
        FileTime newer =
                FileTime.fromMillis(Files.getLastModifiedTime(training.jar()).toMillis() + 1000);
        Files.setLastModifiedTime(training.jar(), newer);

        assertThat(training.serves(JAVA_HOME)).isFalse();

        Polling.until(
                "a new archive",
                () -> Files.getLastModifiedTime(training.archive()).equals(newer) && training.isAtRest());
        assertThat(training.serves(JAVA_HOME)).isTrue();
    }

    @Test
    void doesNotUseAnArchiveOfAnotherJarWithAnOlderTime() throws Exception {
        training.train(JAVA_HOME);
        LauncherClone.blockTraining(training.archive());
        long made = Files.getLastModifiedTime(training.jar()).toMillis();
        Files.setLastModifiedTime(training.jar(), FileTime.fromMillis(made - 3_600_000));

        assertThat(training.serves(JAVA_HOME)).isFalse();
    }

    @Test
    void leavesAReadOnlyFolderUnchanged() throws Exception {
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(training.target(), PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeTrue(OrdinaryUser.isAvailable(), OrdinaryUser.MISSING);
        List<String> command = OrdinaryUser.command(List.of(training.launcher().toString()));
        try (McpClient client = McpClient.server(command)
                .environment(Map.of("JAVA_HOME", JAVA_HOME.toString()))
                .start()) {
            assertThat(RealTraining.tools(client)).isNotEmpty();
            assertThat(client.transcript().lines(Transcript.Source.STDERR)).isEmpty();
        } finally {
            Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(training.target(), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(training.files()).containsExactly(training.jar());
    }

    @Test
    void serversStartedTogetherCreateOneArchive() throws Exception {
        List<McpClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(McpClient.server(List.of(training.launcher().toString()))
                        .environment(Map.of("JAVA_HOME", JAVA_HOME.toString()))
                        .startSilently());
            }
            for (McpClient client : clients) {
                client.request("initialize", TestJson.object().put("protocolVersion", "2025-06-18"));
                assertThat(RealTraining.tools(client)).isNotEmpty();
            }
        } finally {
            clients.forEach(McpClient::close);
        }

        training.awaitArchive();
        assertThat(training.serves(JAVA_HOME)).isTrue();
    }
}

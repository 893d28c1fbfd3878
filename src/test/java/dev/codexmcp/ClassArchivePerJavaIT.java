package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java that a user may switch to has its own class archive. */
class ClassArchivePerJavaIT {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path scratch;

    private RealTraining training;

    @BeforeEach
    void install() throws IOException {
        training = RealTraining.in(scratch);
    }

    /** The other Java installations on this machine that the server supports. */
    static Stream<Path> otherJavas() throws IOException {
        List<Path> found = new ArrayList<>();
        Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                for (Path home : homes.map(ClassArchivePerJavaIT::real)
                        .distinct()
                        .sorted()
                        .toList()) {
                    if (Files.isExecutable(home.resolve("bin/java"))
                            && !home.equals(JAVA_HOME.toRealPath())
                            && major(home) >= 17) {
                        found.add(home);
                    }
                }
            }
        }
        // A test without arguments would be an error; this makes it skip.
        return found.isEmpty() ? Stream.of(JAVA_HOME) : found.stream();
    }

    @ParameterizedTest
    @MethodSource("otherJavas")
    void everyJavaHasItsOwnArchive(Path other) throws Exception {
        assumeTrue(!other.equals(JAVA_HOME), "this machine has only one Java");
        training.train(JAVA_HOME);
        Path ours = training.archive();
        assertThat(training.serves(other)).isFalse();

        Polling.until("an archive for " + other, () -> training.archives().size() == 2 && training.isAtRest());
        assertThat(training.serves(other)).isTrue();
        assertThat(training.serves(JAVA_HOME)).isTrue();

        // Under the other's name, as if Java had been replaced by another build with the same version string.
        Path theirs = training.archives().stream()
                .filter(file -> !file.equals(ours))
                .findFirst()
                .orElseThrow();
        assertThat(theirs.toFile().setWritable(true)).isTrue();
        Files.write(theirs, Files.readAllBytes(ours));
        Files.setLastModifiedTime(theirs, Files.getLastModifiedTime(training.jar()));
        assertThat(training.serves(other)).isFalse();
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

package dev.codexmcp;

import static dev.codexmcp.LauncherClone.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.LauncherClone.Outcome;
import dev.codexmcp.testkit.OrdinaryUser;
import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Even if many launchers start, they create one class archive, for all users of the jar. Java is a stub. */
class ClassArchiveTrainingIT {
    @TempDir
    Path scratch;

    private StubTraining training;

    @BeforeEach
    void install() throws IOException {
        training = StubTraining.in(scratch);
    }

    @Test
    void theNextStartUsesTheArchive() throws Exception {
        assertThat(training.usesArchive()).isFalse();
        training.train();

        assertThat(training.usesArchive()).isTrue();
        assertThat(training.steps()).containsExactly("record", "dump", "check");
        training.assertOnlyJarAndArchive();
    }

    @Test
    void oneOfManyLaunchersCreatesTheArchive() throws Exception {
        Path go = scratch.resolve("go");
        training.on("record", "until [ -e '" + go + "' ]; do sleep 0.05; done");
        List<Process> all = Stream.generate(
                        () -> training.installation().start(training.environment(), "--train-if-needed"))
                .limit(4)
                .toList();
        Polling.until(
                "three give up", () -> all.stream().filter(Process::isAlive).count() == 1);
        Files.createFile(go);

        for (Process process : all) {
            assertThat(outcome(process)).isEqualTo(new Outcome(0, "", ""));
        }
        assertThat(training.steps()).containsExactly("record", "dump", "check");
        assertThat(training.usesArchive()).isTrue();
        training.trainIfNeeded();
        assertThat(training.steps()).hasSize(3);
    }

    @Test
    void discardsTheArchiveIfTheJarIsReplacedMeanwhile() throws Exception {
        training.on("dump", "touch -t 202001010000 '" + training.installation().jar() + "'");
        training.trainIfNeeded();

        assertThat(training.files()).containsExactly(training.installation().jar());
    }

    @Test
    void recreatesAnArchiveThatWasWrittenTo() throws Exception {
        training.train();
        Files.setLastModifiedTime(training.archive(), FileTime.from(Instant.now()));

        assertThat(training.usesArchive()).isFalse();
        training.trainIfNeeded();
        assertThat(training.usesArchive()).isTrue();
    }

    @Test
    void removesWhatAnOlderVersionKeptBesideTheArchive() throws Exception {
        Files.writeString(training.archive().resolveSibling(training.archive().getFileName() + ".size"), "8\n");
        training.train();

        training.assertOnlyJarAndArchive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"umask 077", "trap '' HUP INT TERM PIPE", "unset HOME", "exec 0<&-", "exec 1>&- 2>&-"})
    void createsAnArchiveForAllUsersUnderAnyConditions(String condition) throws Exception {
        assertThat(training.run(condition + "; exec \"$0\" --train").exitCode()).isZero();

        assertThat(training.usesArchive()).isTrue();
        assertThat(Files.getPosixFilePermissions(training.archive())).contains(PosixFilePermission.OTHERS_READ);
    }

    /** In a folder writable by both users. */
    @Test
    void worksDespiteLocksAndFilesOfAnotherUser() throws Exception {
        assumeTrue(OrdinaryUser.testsRunAsRoot() && OrdinaryUser.isAvailable(), "needs two users");
        training.train();
        Files.setPosixFilePermissions(training.archive(), PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(LauncherClone.trainingLock(training.archive()), Path.of("left:over"));
        OrdinaryUser.give(training.java());
        open(scratch, "rwxr-xr-x");
        open(training.installation().target(), "rwxrwxrwx");

        List<String> start =
                OrdinaryUser.command(List.of(training.installation().launcher().toString()));
        Outcome outcome = outcome(LauncherClone.start(
                training.environment(), training.installation().folder(), start));
        assertThat(outcome.stdout()).contains("[dev.codexmcp.Main]").doesNotContain("SharedArchiveFile");
        assertThat(outcome.stderr()).isEmpty();

        List<String> command =
                OrdinaryUser.command(List.of(training.installation().launcher().toString(), "--train-if-needed"));
        assertThat(outcome(LauncherClone.start(
                        training.environment(), training.installation().folder(), command)))
                .isEqualTo(new Outcome(0, "", ""));
        assertThat(training.usesArchive()).isTrue();
    }

    private static void open(Path folder, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }
}

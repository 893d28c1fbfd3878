package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A failed training run leaves neither a partial archive nor a lock, and is repeated if that is useful. Java is a stub.
 */
class ClassArchiveFailuresIT {
    /** Runs the program with its own name, and kills the launcher before or after a call chosen by the test. */
    private static final String KILLER = """
            #!/bin/sh
            calls=$(cat "$STEPS/calls")
            echo $((calls + 1)) >"$STEPS/calls"
            if [ "$calls $WHEN" = "$KILLED_CALL before" ]; then kill -9 "$(cat "$STEPS/pid")"; exit 1; fi
            /usr/bin/${0##*/} "$@"
            code=$?
            if [ "$calls $WHEN" = "$KILLED_CALL after" ]; then kill -9 "$(cat "$STEPS/pid")"; exit 1; fi
            exit $code
            """;

    @TempDir
    Path scratch;

    private StubTraining training;

    @BeforeEach
    void install() throws IOException {
        training = StubTraining.in(scratch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void survivesAKillAtAnyStep(String when) throws Exception {
        for (String name : "uname ln find readlink rm touch dd chmod sync mv date".split(" ")) {
            assertThat(Path.of("/usr/bin", name)).isExecutable();
            training.program(name, KILLER);
        }
        for (String step : List.of("record", "dump", "check")) {
            training.on(step, "uname || exit 1");
        }
        training.environment().put("STEPS", scratch.toString());
        training.environment().put("WHEN", when);
        int call = 0;
        int exitCode;
        do {
            Files.deleteIfExists(training.archive());
            LauncherClone.write(scratch.resolve("calls"), "0\n");
            training.environment().put("KILLED_CALL", String.valueOf(call));
            exitCode =
                    training.run("echo $$ >\"$STEPS/pid\"; exec \"$0\" --train").exitCode();

            training.environment().put("KILLED_CALL", "none");
            training.usesArchive(); // asserts that it is complete
            training.train();
            assertThat(training.usesArchive())
                    .as("after a kill at call " + call)
                    .isTrue();
            training.assertOnlyJarAndArchive();
            call++;
        } while (exitCode != 0);
        assertThat(call).isGreaterThan(15);
    }

    @Test
    void remembersAJavaFailureForADay() throws Exception {
        training.on("dump", "exit 1");
        training.trainIfNeeded();
        assertThat(training.steps()).containsExactly("record", "dump");
        training.trainIfNeeded();
        assertThat(training.steps()).hasSize(2);
        assertThat(training.usesArchive()).isFalse();

        training.failedAt(Instant.now().minusSeconds(86_000));
        training.trainIfNeeded();
        assertThat(training.steps()).hasSize(2);
        training.failedAt(Instant.now().minusSeconds(86_500));
        training.trainIfNeeded();
        assertThat(training.steps()).hasSize(4);
        training.failedAt(Instant.now().plusSeconds(1_000_000)); // the clock was wrong
        training.trainIfNeeded();
        assertThat(training.steps()).hasSize(6);
        Files.setLastModifiedTime(
                training.installation().jar(), FileTime.from(Instant.now().minusSeconds(1000))); // another jar
        training.trainIfNeeded();
        assertThat(training.steps()).hasSize(8);

        Files.delete(training.java().resolve("on-dump"));
        training.train();
        assertThat(training.usesArchive()).isTrue();
        training.assertOnlyJarAndArchive();
    }

    @ParameterizedTest
    @CsvSource({"dump, exit 129", "dump, exit 137", "record, exit 143", "check, kill -KILL $$"})
    void doesNotCountASignalAsAJavaFailure(String step, String script) throws Exception {
        training.on(step, script);
        training.trainIfNeeded();
        assertThat(training.files()).containsExactly(training.installation().jar());

        Files.delete(training.java().resolve("on-" + step));
        training.trainIfNeeded();
        assertThat(training.usesArchive()).isTrue();
    }

    @Test
    void doesNotCountADiskThatFillsUpAsAJavaFailure() throws Exception {
        Path full = scratch.resolve("full");
        training.program("dd", "#!/bin/sh\n[ ! -e '" + full + "' ] && exec /bin/dd \"$@\"\n");
        training.on("dump", ": >\"$file\"; : >'" + full + "'; exit 1");
        training.trainIfNeeded();
        assertThat(training.files()).containsExactly(training.installation().jar());
        training.trainIfNeeded();
        assertThat(training.steps()).as("no training run without disk space").hasSize(2);

        Files.delete(full);
        Files.delete(training.java().resolve("on-dump"));
        training.trainIfNeeded();
        assertThat(training.usesArchive()).isTrue();
    }

    @Test
    void leavesNothingOnAFullDisk() throws Exception {
        Path jar = scratch.resolve("codex-mcp-server.jar");
        Files.move(training.installation().jar(), jar);
        try (SmallDisk disk = SmallDisk.mount(training.installation().target(), "80m")) {
            LauncherClone.copy(jar, training.installation().jar());
            disk.fill();
            List<Path> before = training.files();
            training.train();
            assertThat(training.files()).isEqualTo(before);

            disk.empty();
            training.train();
            assertThat(training.usesArchive()).isTrue();
            training.assertOnlyJarAndArchive();
        }
    }

    @Test
    void discardsHalfAnArchiveFromASuccessfulJava() throws Exception {
        training.on("dump", "echo half >\"$file\"; exit 0");
        training.trainIfNeeded();

        assertThat(training.usesArchive()).isFalse();
        assertThat(training.archive()).doesNotExist();
    }
}

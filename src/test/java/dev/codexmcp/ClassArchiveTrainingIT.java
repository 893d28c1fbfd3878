package dev.codexmcp;

import static dev.codexmcp.LauncherClone.PATH;
import static dev.codexmcp.LauncherClone.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.LauncherClone.Outcome;
import dev.codexmcp.faults.Wait;
import dev.codexmcp.kit.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However the making of a class archive ends, what it leaves is a whole archive or none, and no lock. Java is a stub. */
class ClassArchiveTrainingIT {
    /**
     * Makes an archive of one word in three steps, as Java does, and prints its arguments otherwise. A test may add to a
     * step, by a script named {@code on-STEP}.
     */
    private static final String JAVA_STUB = """
            #!/bin/sh
            step=serve
            for argument; do
                case $argument in
                    -XX:DumpLoadedClassList=*) step=record ;;
                    -Xshare:dump) step=dump ;;
                    -Xshare:on) step=check ;;
                esac
                case $argument in -XX:*File=* | -XX:Dump*=*) file=${argument#*=} ;; esac
            done
            here=${0%/*}/..
            [ $step = serve ] || echo $step >>"$here/steps"
            [ ! -e "$here/on-$step" ] || . "$here/on-$step"
            case $step in
                record) echo classes >"$file" ;;
                dump) echo archive >"$file" ;;
                check) [ "$(cat "$file")" = archive ] ;;
                serve) printf '[%s]\\n' "$@" ;;
            esac
            """;

    /** Runs the program of its name, and kills the launcher before or after the one call that the test chooses. */
    private static final String KILLER = """
            #!/bin/sh
            calls=$(cat "$STEPS/calls")
            echo $((calls + 1)) >"$STEPS/calls"
            if [ "$calls $WHEN" = "$KILLED_CALL before" ]; then kill -9 "$(cat "$STEPS/pid")"; exit 1; fi
            /usr/bin/${0##*/} "$@"
            code=$?
            if [ "$calls $WHEN" = "$KILLED_CALL after" ]; then kill -9 "$(cat "$STEPS/pid")"; fi
            exit $code
            """;

    @TempDir
    Path scratch;

    private LauncherClone clone;
    private Path java;
    private Path archive;
    private Map<String, String> environment;

    @BeforeEach
    void install() throws IOException {
        clone = LauncherClone.in(scratch.resolve("a clone"));
        clone.installStubJar();
        archive = clone.target().resolve("codex-mcp-server-17.0.99+1.jsa");
        String release = "JAVA_VERSION=\"17.0.99\"\nJAVA_RUNTIME_VERSION=\"17.0.99+1\"\n";
        java = LauncherClone.javaHome(scratch.resolve("java"), release, JAVA_STUB);
        environment = LauncherClone.environment(java);
        // What a start would do later, the tests do at once.
        program("setsid", "#!/bin/sh\nexit 0\n");
        environment.put("PATH", scratch.resolve("bin") + ":" + PATH);
    }

    @Test
    void nextStartUsesTheArchive() throws Exception {
        assertThat(usesArchive()).isFalse();
        train();

        assertThat(usesArchive()).isTrue();
        assertThat(steps()).containsExactly("record", "dump", "check");
        assertAtRest();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void canBeKilledAtAnyStep(String when) throws Exception {
        for (String name : "uname ln find readlink rm touch dd wc chmod mv date".split(" ")) {
            assertThat(Path.of("/usr/bin", name)).isExecutable();
            program(name, KILLER);
        }
        environment.put("STEPS", scratch.toString());
        environment.put("WHEN", when);
        int call = 0;
        int exitCode;
        do {
            Files.deleteIfExists(archive);
            LauncherClone.write(scratch.resolve("calls"), "0\n");
            environment.put("KILLED_CALL", String.valueOf(call));
            exitCode = run("echo $$ >\"$STEPS/pid\"; exec \"$0\" --train").exitCode();

            environment.put("KILLED_CALL", "none");
            usesArchive(); // which checks that it is whole
            train();
            assertThat(usesArchive()).as("after a kill at call " + call).isTrue();
            assertAtRest();
            call++;
        } while (exitCode != 0);
        assertThat(call).isGreaterThan(15);
    }

    @Test
    void failureOfJavaIsRememberedForADay() throws Exception {
        onDump("exit 1");
        trainIfNeeded();
        assertThat(steps()).containsExactly("record", "dump");
        trainIfNeeded();
        assertThat(steps()).hasSize(2);
        assertThat(usesArchive()).isFalse();

        failedAt(Instant.now().minusSeconds(86_000));
        trainIfNeeded();
        assertThat(steps()).hasSize(2);
        failedAt(Instant.now().minusSeconds(86_500));
        trainIfNeeded();
        assertThat(steps()).hasSize(4);
        failedAt(Instant.now().plusSeconds(1_000_000)); // the clock was wrong
        trainIfNeeded();
        assertThat(steps()).hasSize(6);
        Files.setLastModifiedTime(clone.jar(), FileTime.from(Instant.now().minusSeconds(1000))); // another jar
        trainIfNeeded();
        assertThat(steps()).hasSize(8);

        Files.delete(java.resolve("on-dump"));
        train();
        assertThat(usesArchive()).isTrue();
        assertAtRest();
    }

    @ParameterizedTest
    @CsvSource({"dump, exit 129", "dump, exit 137", "record, exit 143", "check, kill -KILL $$"})
    void signalSaysNothingAboutThisJava(String step, String script) throws Exception {
        LauncherClone.write(java.resolve("on-" + step), script + "\n");
        trainIfNeeded();
        assertThat(files()).containsExactly(clone.jar());

        Files.delete(java.resolve("on-" + step));
        trainIfNeeded();
        assertThat(usesArchive()).isTrue();
    }

    @Test
    void diskThatFillsUpMeanwhileSaysNothingAboutThisJava() throws Exception {
        Path full = scratch.resolve("full");
        program("dd", "#!/bin/sh\n[ ! -e '" + full + "' ] && exec /bin/dd \"$@\"\n");
        onDump(": >\"$file\"; : >'" + full + "'; exit 1");
        trainIfNeeded();
        assertThat(files()).containsExactly(clone.jar());
        trainIfNeeded();
        assertThat(steps()).as("no training without room").hasSize(2);

        Files.delete(full);
        Files.delete(java.resolve("on-dump"));
        trainIfNeeded();
        assertThat(usesArchive()).isTrue();
    }

    @Test
    void fullDiskLeavesNothing() throws Exception {
        Path jar = scratch.resolve("codex-mcp-server.jar");
        Files.move(clone.jar(), jar);
        try (SmallDisk disk = SmallDisk.mount(clone.target(), "80m")) {
            LauncherClone.copy(jar, clone.jar());
            disk.fill();
            List<Path> before = files();
            train();
            assertThat(files()).isEqualTo(before);

            disk.empty();
            train();
            assertThat(usesArchive()).isTrue();
            assertAtRest();
        }
    }

    @Test
    void halfAnArchiveOfASuccessfulJavaIsNotKept() throws Exception {
        onDump("echo half >\"$file\"; exit 0");
        trainIfNeeded();

        assertThat(usesArchive()).isFalse();
        assertThat(archive).doesNotExist();
    }

    @Test
    void oneOfManyMakesTheArchive() throws Exception {
        Path go = scratch.resolve("go");
        LauncherClone.write(java.resolve("on-record"), "until [ -e '" + go + "' ]; do sleep 0.05; done\n");
        List<Process> all = Stream.generate(() -> clone.start(environment, "--train-if-needed"))
                .limit(4)
                .toList();
        Wait.until("three give up", () -> all.stream().filter(Process::isAlive).count() == 1);
        Files.createFile(go);

        for (Process process : all) {
            assertThat(outcome(process)).isEqualTo(new Outcome(0, "", ""));
        }
        assertThat(steps()).containsExactly("record", "dump", "check");
        assertThat(usesArchive()).isTrue();
        trainIfNeeded();
        assertThat(steps()).hasSize(3);
    }

    @Test
    void archiveOfAJarThatIsReplacedMeanwhileIsNotKept() throws Exception {
        onDump("touch -t 202001010000 '" + clone.jar() + "'");
        trainIfNeeded();

        assertThat(files()).containsExactly(clone.jar());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many words\n", "-1\n", "99999999999999999999999\n"})
    void unreadableSizeCountsAsNone(String size) throws Exception {
        train();
        FileTime time = Files.getLastModifiedTime(clone.jar());
        Path file = archive.resolveSibling(archive.getFileName() + ".size");
        Files.writeString(file, size);
        Files.setLastModifiedTime(file, time);

        assertThat(usesArchive()).isFalse();
        trainIfNeeded();
        assertThat(usesArchive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"umask 077", "trap '' HUP INT TERM PIPE", "unset HOME", "exec 0<&-", "exec 1>&- 2>&-"})
    void archiveIsForEverybodyWhateverTheConditions(String condition) throws Exception {
        assertThat(run(condition + "; exec \"$0\" --train").exitCode()).isZero();

        assertThat(usesArchive()).isTrue();
        assertThat(Files.getPosixFilePermissions(archive)).contains(PosixFilePermission.OTHERS_READ);
    }

    /** In a folder that both may write to, but where nobody may remove another's files. */
    @Test
    void lockAndFilesOfAnotherUserAreNoObstacle() throws Exception {
        assumeTrue(OrdinaryUser.testsRunAsRoot() && OrdinaryUser.isAvailable(), "needs two users");
        train();
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(LauncherClone.trainingLock(archive), Path.of("left:over"));
        OrdinaryUser.give(java);
        open(scratch, "rwxr-xr-x");
        open(clone.target(), "rwxrwxrwx");

        List<String> start = OrdinaryUser.command(List.of(clone.launcher().toString()));
        Outcome outcome = outcome(LauncherClone.start(environment, clone.folder(), start));
        assertThat(outcome.stdout()).contains("[-jar]").doesNotContain("SharedArchiveFile");
        assertThat(outcome.stderr()).isEmpty();

        List<String> training = OrdinaryUser.command(List.of(clone.launcher().toString(), "--train-if-needed"));
        assertThat(outcome(LauncherClone.start(environment, clone.folder(), training)))
                .isEqualTo(new Outcome(0, "", ""));
        assertThat(usesArchive()).isTrue();
    }

    private static void open(Path folder, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private void program(String name, String text) throws IOException {
        LauncherClone.program(scratch.resolve("bin").resolve(name), text);
    }

    private void onDump(String script) throws IOException {
        LauncherClone.write(java.resolve("on-dump"), script + "\n");
    }

    private void failedAt(Instant time) throws IOException {
        Path failed = archive.resolveSibling(archive.getFileName() + ".failed");
        Files.writeString(failed, time.getEpochSecond() + "\n");
        Files.setLastModifiedTime(failed, Files.getLastModifiedTime(clone.jar()));
    }

    private void train() throws Exception {
        assertThat(clone.launch(environment, "--train")).isEqualTo(new Outcome(0, "", ""));
    }

    private void trainIfNeeded() throws Exception {
        assertThat(clone.launch(environment, "--train-if-needed")).isEqualTo(new Outcome(0, "", ""));
    }

    private Outcome run(String script) throws Exception {
        return outcome(LauncherClone.start(
                environment,
                clone.folder(),
                List.of("/bin/sh", "-c", script, clone.launcher().toString())));
    }

    /** Starts the server, which must print nothing else, and returns whether it was given the archive, which must be whole. */
    private boolean usesArchive() throws Exception {
        Outcome outcome = clone.launch(environment);
        assertThat(outcome.stderr()).isEmpty();
        assertThat(outcome.stdout()).contains("[-jar]");
        boolean uses = outcome.stdout().contains("[-XX:SharedArchiveFile=" + archive + "]");
        if (uses) {
            assertThat(archive).hasContent("archive");
        }
        return uses;
    }

    private void assertAtRest() throws IOException {
        assertThat(files())
                .containsExactlyInAnyOrder(
                        clone.jar(), archive, archive.resolveSibling(archive.getFileName() + ".size"));
    }

    private List<String> steps() throws IOException {
        Path steps = java.resolve("steps");
        return Files.exists(steps) ? Files.readAllLines(steps) : List.of();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(clone.target())) {
            return files.sorted().toList();
        }
    }
}

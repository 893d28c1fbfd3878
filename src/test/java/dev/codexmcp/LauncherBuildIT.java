package dev.codexmcp;

import static dev.codexmcp.LauncherClone.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.LauncherClone.Outcome;
import dev.codexmcp.testkit.OrdinaryUser;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Launchers in a fresh clone build the jar once, even if some are killed and leave locks behind. Maven is a stub. */
class LauncherBuildIT {
    /** Builds, with output on stdout, once the file {@code go} exists. */
    private static final String MAVEN_STUB = """
            #!/bin/sh
            echo "building in $PWD with $LC_ALL"
            echo $$ >>builds
            while [ ! -e go ]; do sleep 0.05; done
            [ ! -e fail ] || exit 3
            cp built.jar target/part.jar && mv target/part.jar target/codex-mcp-server.jar
            """;

    @TempDir
    Path scratch;

    private LauncherClone clone;
    private Path folder;
    private Path lock;
    private Map<String, String> environment;

    @BeforeEach
    void layOutFreshClone() throws IOException {
        folder = scratch.resolve("it's a clone $HOME *");
        clone = LauncherClone.in(folder);
        lock = clone.target().resolve("build.lock");
        environment = LauncherClone.environment(
                LauncherClone.javaWithoutArchive(scratch.resolve("java"), ArgumentProbe.class));
        LauncherClone.write(folder.resolve("pom.xml"), "<project/>");
        LauncherClone.program(folder.resolve("mvnw"), MAVEN_STUB);
        LauncherClone.jarOf(ArgumentProbe.class, folder.resolve("built.jar"));
    }

    @Test
    void buildsOnceForManyLaunchers() throws Exception {
        List<Process> launchers = startFour();
        awaitBuilds(1);
        releaseBuilds();

        assertAllStart(launchers);
        assertThat(builders()).hasSize(1);
        assertNoLocks();
    }

    @Test
    void continuesTheBuildIfTheClientKillsTheLauncher() throws Exception {
        Process impatient = clone.start(environment);
        awaitBuilds(1);
        impatient.destroyForcibly().waitFor();
        Process next = clone.start(environment);
        releaseBuilds();

        assertAllStart(List.of(next));
        assertThat(builders()).hasSize(1);
        Polling.until("the end of the build", () -> !Files.isSymbolicLink(lock));
    }

    /** Maven does not start in a folder whose name the default locale cannot encode. */
    @Test
    void buildsInAFolderWithAnyName() throws Exception {
        environment.put("LC_ALL", "C");
        releaseBuilds();

        Outcome outcome = clone.launch(environment);

        assertThat(outcome.stderr()).contains(" with C.UTF-8\n");
        assertThat(outcome.stdout()).isEqualTo(ArgumentProbe.expected("C"));
    }

    @Test
    void reportsAFailedBuild() throws Exception {
        Files.createFile(folder.resolve("fail"));
        releaseBuilds();

        Outcome outcome = clone.launch(environment);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr())
                .contains("building in " + folder, "the build failed (exit code 3)", "./mvnw package");
        assertThat(clone.target()).isEmptyDirectory();
    }

    @Test
    void oneOfManyLaunchersTakesOverAKilledBuild() throws Exception {
        leaveLockOfKilledBuild();

        List<Process> launchers = startFour();
        awaitBuilds(2);
        releaseBuilds();

        assertAllStart(launchers);
        assertThat(builders()).hasSize(2);
        assertNoLocks();
    }

    @Test
    void repeatedlyKilledBuildsLeaveNoLock() throws Exception {
        leaveLockOfKilledBuild();
        leaveLockOfKilledBuild();
        leaveLockOfKilledBuild();
        releaseBuilds();

        assertAllStart(List.of(clone.start(environment)));
        assertNoLocks();
    }

    /** The lock contains the process ID of a running process: this one, which has never built anything. */
    @ParameterizedTest
    @ValueSource(strings = {"PID", "HOST:BOOT:PID:1", "HOST:another boot:PID:START"})
    void treatsALockWithAReusedProcessIdAsStale(String owner) throws Exception {
        String text = owner.replace("HOST", kernel("hostname"))
                .replace("BOOT", kernel("random/boot_id"))
                .replace("PID", String.valueOf(ProcessHandle.current().pid()))
                .replace("START", startOfThisProcess());
        Files.createDirectories(clone.target());
        Files.createSymbolicLink(lock, Path.of(text));
        releaseBuilds();

        assertAllStart(List.of(clone.start(environment)));
        assertNoLocks();
    }

    @Test
    void honorsALockOfAnotherComputerForAnHour() throws Exception {
        Files.createDirectories(clone.target());
        Files.createSymbolicLink(lock, Path.of("another.example:boot:1:1"));
        releaseBuilds();
        Path asleep = scratch.resolve("asleep");
        LauncherClone.program(scratch.resolve("bin/sleep"), "#!/bin/sh\n>'" + asleep + "'; exec /bin/sleep \"$@\"\n");
        environment.merge("PATH", scratch.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        Process waiting = clone.start(environment);
        Polling.until("the launcher waits", () -> Files.exists(asleep));
        assertThat(builders()).isEmpty();

        age(lock);

        assertAllStart(List.of(waiting));
        assertThat(builders()).hasSize(1);
        assertNoLocks();
    }

    @Test
    void reportsAFolderThatIsNotWritable() throws Exception {
        assumeTrue(OrdinaryUser.testsRunAsRoot() && OrdinaryUser.isAvailable(), "needs a folder of another user");
        Files.createDirectories(clone.target());
        OrdinaryUser.give(scratch);
        Files.setAttribute(clone.target(), "unix:uid", 0);

        Outcome outcome = outcome(LauncherClone.start(
                environment,
                folder,
                OrdinaryUser.command(List.of(clone.launcher().toString()))));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("cannot write to " + clone.target());
    }

    @Test
    void reportsAFullDisk() throws Exception {
        Files.createDirectories(clone.target());
        try (SmallDisk disk = SmallDisk.mount(clone.target(), "64k")) {
            disk.fill();

            Outcome outcome = clone.launch(environment);

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.stderr()).contains("cannot write to " + clone.target());
        }
    }

    /** Starts a build and kills all its processes with SIGKILL. */
    private void leaveLockOfKilledBuild() throws Exception {
        int before = builders().size();
        Process launcher = clone.start(environment);
        awaitBuilds(before + 1);
        ProcessHandle maven = ProcessHandle.of(builders().get(before)).orElseThrow();
        ProcessHandle builder = maven.parent().orElseThrow();
        launcher.destroyForcibly().waitFor();
        builder.destroyForcibly();
        maven.destroyForcibly();
        ProcessProbe.withId(builder.pid()).or(ProcessProbe.withId(maven.pid())).awaitNone();
    }

    private static String kernel(String name) throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel", name)).strip();
    }

    private static String startOfThisProcess() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    private static void age(Path link) throws Exception {
        Process touch = new ProcessBuilder("touch", "-h", "-t", "202001010000", link.toString())
                .inheritIO()
                .start();
        assertThat(touch.waitFor()).isZero();
    }

    private List<Process> startFour() {
        return Stream.generate(() -> clone.start(environment)).limit(4).toList();
    }

    private void releaseBuilds() throws IOException {
        Files.createFile(folder.resolve("go"));
    }

    /** The process IDs of all Maven runs. */
    private List<Long> builders() throws IOException {
        Path builds = folder.resolve("builds");
        return Files.exists(builds)
                ? Files.readAllLines(builds).stream().map(Long::valueOf).toList()
                : List.of();
    }

    private void awaitBuilds(int count) {
        Polling.until("build " + count, () -> builders().size() == count);
    }

    private static void assertAllStart(List<Process> launchers) throws Exception {
        for (Process launcher : launchers) {
            Outcome outcome = outcome(launcher);
            assertThat(outcome.stderr()).contains(": building ");
            assertThat(outcome.stdout()).isEqualTo(ArgumentProbe.expected(""));
            assertThat(outcome.exitCode()).isZero();
        }
    }

    private void assertNoLocks() {
        assertThat(clone.target()).isDirectoryNotContaining("glob:**/build.lock*");
    }
}

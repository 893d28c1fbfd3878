package dev.codexmcp;

import static dev.codexmcp.LauncherClone.PATH;
import static dev.codexmcp.LauncherClone.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.LauncherClone.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A clone whose Java is a stub that creates its class archive at once, in the steps {@code record}, {@code dump},
 * {@code check}.
 */
final class StubTraining {
    /**
     * Creates an archive of one word in three steps, like Java, and otherwise prints its arguments. A test may extend a
     * step with a script named {@code on-STEP}.
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

    private final LauncherClone clone;
    private final Path bin;
    private final Path java;
    private final Path archive;
    private final Map<String, String> environment;

    /** Lays out the clone in a folder, with the test's own programs in {@code bin}, the first folder on PATH. */
    static StubTraining in(Path scratch) throws IOException {
        return new StubTraining(scratch);
    }

    private StubTraining(Path scratch) throws IOException {
        bin = scratch.resolve("bin");
        clone = LauncherClone.in(scratch.resolve("a clone"));
        clone.installStubJar();
        archive = clone.target().resolve("codex-mcp-server-17.0.99+1.jsa");
        String release = "JAVA_VERSION=\"17.0.99\"\nJAVA_RUNTIME_VERSION=\"17.0.99+1\"\n";
        java = LauncherClone.javaHome(scratch.resolve("java"), release, JAVA_STUB);
        environment = LauncherClone.environment(java);
        // Tests create the archive at once instead of waiting for a start to do it.
        program("setsid", "#!/bin/sh\nexit 0\n");
        environment.put("PATH", bin + ":" + PATH);
    }

    LauncherClone installation() {
        return clone;
    }

    Path java() {
        return java;
    }

    Path archive() {
        return archive;
    }

    /** The launcher's environment; tests may change it. */
    Map<String, String> environment() {
        return environment;
    }

    /** Adds a program that takes precedence over the system's. */
    void program(String name, String text) throws IOException {
        LauncherClone.program(bin.resolve(name), text);
    }

    /** Makes Java run a script at the start of a step. */
    void on(String step, String script) throws IOException {
        LauncherClone.write(java.resolve("on-" + step), script + "\n");
    }

    /** Records a failure of Java at this time. */
    void failedAt(Instant time) throws IOException {
        Path failed = archive.resolveSibling(archive.getFileName() + ".failed");
        Files.writeString(failed, time.getEpochSecond() + "\n");
        Files.setLastModifiedTime(failed, Files.getLastModifiedTime(clone.jar()));
    }

    void train() throws Exception {
        assertThat(clone.launch(environment, "--train")).isEqualTo(new Outcome(0, "", ""));
    }

    void trainIfNeeded() throws Exception {
        assertThat(clone.launch(environment, "--train-if-needed")).isEqualTo(new Outcome(0, "", ""));
    }

    /** Runs a shell script in which {@code $0} is the launcher. */
    Outcome run(String script) throws Exception {
        return outcome(LauncherClone.start(
                environment,
                clone.folder(),
                List.of("/bin/sh", "-c", script, clone.launcher().toString())));
    }

    /**
     * Starts the server and returns whether it was given the archive. Asserts that the archive is complete and nothing
     * else is printed.
     */
    boolean usesArchive() throws Exception {
        Outcome outcome = clone.launch(environment);
        assertThat(outcome.stderr()).isEmpty();
        assertThat(outcome.stdout()).contains("[dev.codexmcp.Main]");
        boolean uses = outcome.stdout().contains("[-XX:SharedArchiveFile=" + archive + "]");
        if (uses) {
            assertThat(archive).hasContent("archive");
        }
        return uses;
    }

    /** Asserts that only the jar and its archive exist. */
    void assertOnlyJarAndArchive() throws IOException {
        assertThat(files()).containsExactlyInAnyOrder(clone.jar(), archive);
    }

    /** The steps that Java has run so far. */
    List<String> steps() throws IOException {
        Path steps = java.resolve("steps");
        return Files.exists(steps) ? Files.readAllLines(steps) : List.of();
    }

    /** All files in the jar's folder. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(clone.target())) {
            return files.sorted().toList();
        }
    }
}

package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.ProcessProbe;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real Codex workers on Slurm and over ssh do the demo's work: the boss sees no difference but the host. */
@Tag("hosts")
class RemoteDemoIT extends ClusterFixture {
    private static final Path DEMO = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")))
            .resolveSibling("demo");

    private static final long LIMIT_SECONDS = 180;

    @ParameterizedTest
    @CsvSource({"--slurm, node1", "--ssh, ''"})
    void theDemoRunsElsewhere(String option, String node) throws Exception {
        // The demo finds the ssh server where cluster-up puts it by default.
        Path folder = Files.createSymbolicLink(
                scratch.resolve("codex-mcp-cluster"),
                Path.of(cluster().slurmConf()).getParent());
        Path output = scratch.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(DEMO.toString(), option)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "TMPDIR", scratch.toString()));

        Process demo = builder.start();
        boolean ended = demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        demo.destroyForcibly();

        String text = Files.readString(output);
        assertThat(ended && demo.exitValue() == 0).as(text).isTrue();
        assertThat(text)
                .contains("the real one, ")
                .containsSubsequence(
                        "Results", "readme    done", "prices    done", "history   failed    timeout", "sign      done")
                .containsSubsequence("git diff --stat", "3 files changed", "HEAD has not moved.")
                .doesNotContain("Exception", "error");
        assertThat(text.substring(text.indexOf("Results")).lines().filter(line -> line.contains(", on " + node)))
                .hasSize(4);
        ProcessProbe.inDirectory(scratch).awaitNone();
        cluster().awaitEmptyQueue();
        Files.delete(folder);
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).containsExactly(output);
        }
    }
}

package dev.codexmcp.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code scripts/soak}. */
@Tag("slow")
class SoakIT {
    @TempDir
    Path scratch;

    @Test
    void manyJobsLoseAndLeaveNothing(TestReporter reporter) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        String launcher = Objects.requireNonNull(System.getProperty("codexmcp.launcher"));

        Soak.Report report = Soak.run(launcher, scratch, 300, seed, false);

        reporter.publishEntry("seed " + seed, report.figures());
        assertThat(report.problems()).as("seed %s", seed).isEmpty();
        assertThat(report.permits()).isEqualTo(32);
        assertThat(report.after().within(report.before()))
                .as("%s at the end, %s at the start", report.after(), report.before())
                .isTrue();
        assertThat(report.heapPerJob().orElse(0L)).isLessThan(200_000);
        assertThat(report.exitCode()).isZero();
    }
}

package dev.codexmcp.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code scripts/fuzz}. */
@Tag("slow")
class FuzzIT {
    @TempDir
    Path scratch;

    @Test
    void serverAnswersAValidRequestAfterAnyLine(TestReporter reporter) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        String launcher = Objects.requireNonNull(System.getProperty("codexmcp.launcher"));

        Fuzz.Report report = Fuzz.run(launcher, scratch, 20_000, seed, false);

        reporter.publishEntry("seed " + seed, report.figures());
        assertThat(report.violations()).as("seed %s", seed).isEmpty();
        assertThat(report.answered()).isEqualTo(report.sent());
        assertThat(report.after().within(report.before()))
                .as(
                        "%s at the end, %s at the start",
                        report.after().threads(), report.before().threads())
                .isTrue();
        assertThat(report.exitCode()).isZero();
    }
}

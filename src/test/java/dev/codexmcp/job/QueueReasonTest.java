package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueReasonTest {
    private static String waitsFor(String first, int jobs) {
        return new QueueReason.Dependencies(first, jobs).inWords();
    }

    @Test
    void eachNamesWhatAJobWaitsFor() {
        assertThat(new QueueReason.Permit().inWords()).isEqualTo("waits for a permit");
        assertThat(new QueueReason.Held(12).inWords()).isEqualTo("held for 12 s");
        assertThat(waitsFor("build", 1)).isEqualTo("waits for build");
        assertThat(waitsFor("build", 3)).isEqualTo("waits for build and 2 more");
    }

    @Test
    void aLongLabelIsCut() {
        assertThat(waitsFor("x".repeat(40), 1)).isEqualTo("waits for " + "x".repeat(40));
        assertThat(waitsFor("x".repeat(1_000_000), 10_000))
                .isEqualTo("waits for " + "x".repeat(40) + "… and 9999 more")
                .hasSizeLessThanOrEqualTo(80);
        assertThat(waitsFor("a\n\tb", 1)).isEqualTo("waits for a b");
        assertThat(waitsFor("\uD83D\uDE00".repeat(30) + "x", 1))
                .isEqualTo("waits for " + "\uD83D\uDE00".repeat(20) + "…");
        assertThat(waitsFor("x" + "\uD83D\uDE00".repeat(30), 1))
                .doesNotContain("\uD83D…")
                .endsWith("…");
    }
}

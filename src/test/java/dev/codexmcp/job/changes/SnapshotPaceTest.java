package dev.codexmcp.job.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SnapshotPaceTest {
    private static final long SNAPSHOT = TimeUnit.MILLISECONDS.toNanos(20);

    private final SnapshotPace pace = new SnapshotPace(0);
    private long now;
    private long taken;

    private void take() {
        now += Math.max(0, pace.left(now));
        pace.taken(now, now + SNAPSHOT);
        now += SNAPSHOT;
        taken += SNAPSHOT;
    }

    @Test
    void aBurstHasNoPauses() {
        for (int i = 0; i < 25; i++) {
            take();
        }
        assertThat(now).isEqualTo(taken);
        assertThat(pace.left(now)).isNotPositive();
    }

    @Test
    void endlessSnapshotsTakeAQuarterOfTheTime() {
        for (int i = 0; i < 1000; i++) {
            take();
        }
        assertThat(taken * 4.0 / now).isBetween(1.0, 1.2);
        assertThat(pace.left(now)).isBetween(0L, SnapshotPace.MOST_PAUSE);
    }

    @Test
    void snapshotsNowAndThenHaveNoPauses() {
        for (int i = 0; i < 1000; i++) {
            take();
            now += 4 * SNAPSHOT;
            assertThat(pace.left(now)).isNotPositive();
        }
    }
}

package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimitHoldsTest {
    private static final long NOW = 1_800_000_000_000L;

    private double random;
    private long now = NOW;
    private final LimitHolds holds = new LimitHolds(() -> random);

    private long untilAfter(EndCause limit, long retryAt) {
        holds.reported(limit, Optional.of(retryAt), NOW);
        return holds.at(NOW).map(Hold::until).orElse(0L);
    }

    /** The lengths of this many holds, each reported when the one before it is over. */
    private List<Long> lengths(int count) {
        List<Long> lengths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            holds.reported(EndCause.RATE_LIMIT, Optional.empty(), now);
            lengths.add(holds.leftMillis(now));
            now += holds.leftMillis(now);
            assertThat(holds.at(now)).isEmpty();
        }
        return lengths;
    }

    @Test
    void eachHoldIsTwiceAsLongAsTheOneBeforeUpToFiveMinutes() {
        assertThat(lengths(9))
                .containsExactly(5_000L, 10_000L, 20_000L, 40_000L, 80_000L, 160_000L, 300_000L, 300_000L, 300_000L);
    }

    @Test
    void theTimesOfHoldsAreKept() {
        lengths(2);
        holds.reported(EndCause.USAGE_LIMIT, Optional.of(now + 60_000), now);

        assertThat(holds.times())
                .containsExactly(
                        new HeldTime(NOW, NOW + 5_000),
                        new HeldTime(NOW + 5_000, NOW + 15_000),
                        new HeldTime(NOW + 15_000, NOW + 75_000));
        for (int i = 0; i < 300; i++) {
            lengths(1);
            now += 300_000;
        }
        assertThat(holds.times()).hasSize(200);
    }

    @Test
    void jitterMakesAHoldUpToAFifthShorter() {
        random = 1;
        assertThat(lengths(3)).containsExactly(4_000L, 8_000L, 16_000L);
        random = 0.5;
        assertThat(lengths(1)).containsExactly(36_000L);
    }

    @Test
    void aJobThatEndsWellBringsTheFirstStepBackButEndsNoHold() {
        lengths(3);
        holds.reported(EndCause.OVERLOADED, Optional.empty(), now);
        assertThat(holds.leftMillis(now)).isEqualTo(40_000);

        holds.done();

        assertThat(holds.leftMillis(now)).isEqualTo(40_000);
        assertThat(lengths(1)).as("a report during the hold").containsExactly(40_000L);
        assertThat(lengths(2)).containsExactly(5_000L, 10_000L);
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMIT", "OVERLOADED", "USAGE_LIMIT"})
    void aTimeThatTheProviderNamesIsTheEndOfTheHold(EndCause limit) {
        assertThat(untilAfter(limit, NOW + 7_654_321)).isEqualTo(NOW + 7_654_321);
        assertThat(holds.at(NOW)).contains(new Hold(limit.reason().orElseThrow(), NOW + 7_654_321));
        assertThat(holds.at(NOW + 7_654_320)).isPresent();
        assertThat(holds.at(NOW + 7_654_321)).isEmpty();
    }

    @Test
    void aTimeThatIsPastCountsAsNone() {
        assertThat(untilAfter(EndCause.RATE_LIMIT, NOW - 1)).isEqualTo(NOW + 5_000);
        assertThat(new LimitHolds(() -> 0).at(NOW)).isEmpty();
    }

    @Test
    void aUsageLimitWithoutATimeHoldsNothing() {
        holds.reported(EndCause.USAGE_LIMIT, Optional.empty(), NOW);
        assertThat(holds.at(NOW)).isEmpty();
        assertThat(untilAfter(EndCause.USAGE_LIMIT, NOW)).as("one that is over").isZero();
    }

    @Test
    void reportsDuringAHoldDoNotLengthenIt() {
        assertThat(untilAfter(EndCause.RATE_LIMIT, NOW + 1000)).isEqualTo(NOW + 1000);
        assertThat(untilAfter(EndCause.RATE_LIMIT, NOW + 90_000)).isEqualTo(NOW + 1000);
        holds.reported(EndCause.OVERLOADED, Optional.empty(), NOW + 999);
        assertThat(holds.at(NOW)).contains(new Hold("rate_limit", NOW + 1000));
        assertThat(lengths(1)).as("nor do they make the next one longer").containsExactly(1000L);
        holds.reported(EndCause.OVERLOADED, Optional.empty(), NOW + 1000);
        assertThat(holds.leftMillis(NOW + 1000)).isEqualTo(5_000);
    }

    @Test
    void aUsageLimitOutlastsAnotherHoldButNeverShortensOne() {
        untilAfter(EndCause.RATE_LIMIT, NOW + 1000);
        assertThat(untilAfter(EndCause.USAGE_LIMIT, NOW + 90_000)).isEqualTo(NOW + 90_000);
        assertThat(untilAfter(EndCause.USAGE_LIMIT, NOW + 50_000)).isEqualTo(NOW + 90_000);
        assertThat(holds.at(NOW).map(Hold::reason)).contains("usage_limit");
    }
}

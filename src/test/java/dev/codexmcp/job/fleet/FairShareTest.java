package dev.codexmcp.job.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FairShareTest {
    @Test
    void shortOnesGetAllAndLongOnesShareTheRest() {
        assertThat(FairShare.of(new int[] {500, 10, 0, 90, 400}, 300)).containsExactly(100, 10, 0, 90, 100);
        assertThat(FairShare.of(new int[] {1, 2, 3}, 6)).containsExactly(1, 2, 3);
        assertThat(FairShare.of(new int[] {5, 5}, -3)).containsExactly(0, 0);
        assertThat(FairShare.of(new int[] {}, 10)).isEmpty();
    }

    @Property
    void everyCutTextGetsTheSameAndLittleRoomIsWasted(
            @ForAll @Size(max = 30) int[] given, @ForAll @IntRange(max = 100_000) int room) {
        int[] needs =
                Arrays.stream(given).map(need -> Math.floorMod(need, 10_000)).toArray();

        int[] shares = FairShare.of(needs, room);

        int most = Arrays.stream(shares).max().orElse(0);
        int cut = 0;
        for (int i = 0; i < needs.length; i++) {
            assertThat(shares[i]).isBetween(0, needs[i]);
            if (shares[i] < needs[i]) {
                assertThat(shares[i]).isEqualTo(most);
                cut++;
            }
        }
        int used = Arrays.stream(shares).sum();
        assertThat(used).isLessThanOrEqualTo(room);
        if (cut > 0) {
            assertThat(room - used).isLessThan(cut);
        }
    }
}

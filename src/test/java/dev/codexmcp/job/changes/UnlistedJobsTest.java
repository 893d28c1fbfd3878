package dev.codexmcp.job.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnlistedJobsTest {
    private final List<String> forgotten = new ArrayList<>();
    private final UnlistedJobs jobs = new UnlistedJobs(forgotten::add);

    private void end(int from, int to) {
        IntStream.range(from, to).mapToObj(Integer::toString).forEach(jobs::ended);
    }

    @Test
    void theOldestAreForgotten() {
        end(0, UnlistedJobs.MOST_ENDED);
        assertThat(forgotten).isEmpty();

        end(UnlistedJobs.MOST_ENDED, UnlistedJobs.MOST_ENDED + 2);

        assertThat(forgotten).containsExactly("0", "1");
    }

    @Test
    void aJobThatHasBeenListedIsNotForgotten() {
        end(0, UnlistedJobs.MOST_ENDED);
        jobs.listed("0");

        end(UnlistedJobs.MOST_ENDED, UnlistedJobs.MOST_ENDED + 2);

        assertThat(forgotten).containsExactly("1");
    }
}

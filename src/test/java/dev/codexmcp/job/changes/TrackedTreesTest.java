package dev.codexmcp.job.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackedTreesTest {
    @TempDir
    Path folder;

    @Test
    void aFailureIsReportedToThoseWhoAskForTheTree() {
        Snapshots snapshots =
                new Snapshots(new ChangeSettings(Optional.empty(), folder.resolve("state"), Map.of()), store -> {});
        TrackedTrees trees = new TrackedTrees(snapshots, Runnable::run);
        Job job = new FakeFleet().writing("job", folder);
        TrackedJob first = new TrackedJob(job);
        TrackedJob second = new TrackedJob(job); // the ledger refuses a second start of a job

        trees.started(first);
        trees.started(second);

        assertThat(first.tree()).isCompleted();
        assertThat(second.tree()).isCompletedExceptionally();
    }
}

package dev.codexmcp.worker.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.WorkerEnd;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which end follows from what the runner, the launcher and the engine have said. */
class RunFactsTest {
    private static final long LATER = TimeUnit.SECONDS.toNanos(20);

    private final RunFacts facts = new RunFacts("Slurm");

    @BeforeEach
    void submit() {
        facts.words(() -> "srun: error: no such partition\n", () -> "*** STEP CANCELLED ***");
        facts.submitted(0);
    }

    @Test
    void theRunnersReportCountsWhateverTheLauncherReturns() {
        facts.reported(new Report.Started("node1"));
        facts.reported(new Report.Exited(ExitStatus.of(0), false));
        facts.reported(new Report.Failed("a second report"));
        facts.launcherEnded(ExitStatus.of(1));

        assertThat(facts.end()).isEqualTo(ExitStatus.of(0));
    }

    @Test
    void aLauncherThatReturnsZeroWithoutAReportLeavesTheEndUnknown() {
        facts.reported(new Report.Started("node1"));
        facts.launcherEnded(ExitStatus.of(0));

        assertThat(facts.refused()).isFalse();
        assertThat(facts.end())
                .isEqualTo(new WorkerEnd.Lost("how the worker on node1 ended is not known: "
                        + "Slurm ended with exit code 0: srun: error: no such partition"));
    }

    @Test
    void aLauncherThatGivesUpBeforeTheStartIsQuoted() {
        facts.launcherEnded(ExitStatus.of(1));

        assertThat(facts.refused()).isTrue();
        assertThat(facts.end())
                .isEqualTo(new WorkerEnd.NotStarted("Slurm ended with exit code 1: srun: error: no such partition"));
    }

    @Test
    void aLauncherThatIsKilledHasNotRefused() {
        facts.launcherEnded(ExitStatus.of(137));

        assertThat(facts.refused()).isFalse();
    }

    @Test
    void aWorkerThatTheEngineEndsIsNotDoneWhateverItReturns() {
        facts.reported(new Report.Started("node1"));
        facts.reported(new Report.Exited(ExitStatus.of(0), true));
        facts.launcherEnded(ExitStatus.of(0));

        assertThat(facts.end()).isEqualTo(new WorkerEnd.Lost("Slurm ended the worker: *** STEP CANCELLED ***"));
    }

    @Test
    void aPendingWorkerIsForgottenOnceItIsMissingTwiceInARow() {
        assertThat(facts.forgotten(false, 1)).isFalse(); // it may not have been accepted yet
        assertThat(facts.forgotten(false, LATER)).isFalse();
        assertThat(facts.forgotten(true, LATER)).isFalse();
        assertThat(facts.forgotten(false, LATER)).isFalse();
        assertThat(facts.forgotten(false, LATER)).isTrue();
        facts.launcherEnded(ExitStatus.of(143));

        assertThat(facts.end()).isEqualTo(new WorkerEnd.NotStarted("Slurm has lost the job, which it had accepted"));
    }

    @Test
    void aRunningWorkerIsNeverForgotten() {
        facts.reported(new Report.Started("node1"));

        assertThat(facts.forgotten(false, LATER)).isFalse();
        assertThat(facts.forgotten(false, LATER)).isFalse();
    }
}

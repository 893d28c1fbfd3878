package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slurm itself fails: its commands and daemons are killed while jobs run and wait. Nothing is left, and ends are told truthfully. */
@Tag("hosts")
class SlurmFaultsIT extends ClusterFixture {
    @BeforeEach
    void settle() throws Exception {
        cluster().settle();
    }

    /** The launchers: {@code srun}, each with its child or without. */
    private static List<ProcessProbe.Found> sruns(ShellClient client, boolean withChild) {
        List<ProcessProbe.Found> all = descendants(client, "--quiet");
        List<Long> pids = all.stream().map(ProcessProbe.Found::pid).toList();
        return withChild
                ? all
                : all.stream().filter(found -> !pids.contains(found.parent())).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWorkerWhoseLauncherIsKilledIsLost(boolean withChild) throws Exception {
        ShellClient client = start("slurm");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);

        signal(sruns(client, withChild), "KILL");

        awaitLost(client, jobs);
        awaitNothingLeft(trees);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPendingJobWhoseLauncherIsKilledNeverStarts(boolean withChild) throws Exception {
        ShellClient client = start("slurm");
        List<String> jobs = spawnPending(client);

        signal(sruns(client, withChild), "KILL");

        jobs.forEach(client::awaitEnd);
        for (String job : jobs) {
            JsonNode status = status(client, job);
            assertThat(status.path("reason").asText()).isEqualTo("start");
            assertThat(status.path("message").asText()).startsWith("Slurm ended with SIGKILL");
        }
        awaitNothingLeft(List.of());
    }

    @Test
    void workersOfANodeWhoseDaemonIsKilledAreLost() throws Exception {
        ShellClient client = start("slurm");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);

        cluster().kill("slurmd-node1");

        awaitLost(client, jobs);
        trees.forEach(WorkerTree::awaitGone);
        cluster().revive();
        awaitNothingLeft(trees);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL"})
    void nothingIsLeftOfWorkersOnANodeWithoutItsDaemonAfter(String end) throws Exception {
        ShellClient client = start("slurm");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);
        cluster().kill("slurmd-node1");

        end(client, end, jobs);

        trees.forEach(WorkerTree::awaitGone);
        if (end.endsWith("cancel")) {
            awaitCanceled(client, jobs);
        }
        cluster().revive();
        awaitNothingLeft(trees);
    }

    @Test
    void aWorkerThatEndsWhileTheControllerIsDownIsDone() throws Exception {
        ShellClient client = start("slurm");
        String job = client.spawn("until [ -e go ]; do sleep 0.1; done; echo '{\"type\":\"turn.completed\"}'");
        Polling.until("a running job", () -> client.status(job).equals("running"));

        cluster().kill("slurmctld");
        ShellClient.run("touch", scratch.resolve("go").toString());
        client.awaitEnd(job);

        assertThat(client.status(job)).isEqualTo("done");
        cluster().revive();
        awaitNothingLeft(List.of());
    }

    /** A controller saves its state some seconds after a change: it may forget what it has accepted. */
    @Test
    void pendingJobsRunOrAreReportedLostAfterACrashOfTheController() throws Exception {
        ShellClient client = start("slurm");
        List<String> jobs = spawnPending(client);

        cluster().kill("slurmctld");
        cluster().revive();
        cluster().free();

        jobs.forEach(client::awaitEnd);
        for (String job : jobs) {
            JsonNode status = status(client, job);
            if (!status.path("status").asText().equals("done")) {
                assertThat(status.path("message").asText()).contains("Slurm has lost the job");
            }
        }
        awaitNothingLeft(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "SIGTERM", "SIGKILL"}) // each takes a minute of the controller's
    void nothingIsLeftOfRunningWorkersWithoutAControllerAfter(String end) throws Exception {
        ShellClient client = start("slurm");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);
        cluster().kill("slurmctld");

        end(client, end, jobs);

        trees.forEach(WorkerTree::awaitGone);
        if (end.endsWith("cancel")) {
            awaitCanceled(client, jobs);
        }
        cluster().revive();
        awaitNothingLeft(trees);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL"})
    void nothingIsLeftOfPendingJobsWithoutAControllerAfter(String end) throws Exception {
        ShellClient client = start("slurm");
        List<String> jobs = spawnPending(client);
        cluster().kill("slurmctld");

        end(client, end, jobs);

        if (end.endsWith("cancel")) {
            awaitCanceled(client, jobs);
        }
        cluster().revive();
        awaitNothingLeft(List.of());
    }

    @Test
    void withoutAControllerASpawnFailsAndOtherCallsGoOn() throws Exception {
        ShellClient client = start("slurm");
        cluster().kill("slurmctld");

        List<String> jobs = List.of(client.spawn("echo one"), client.spawn("echo two"));
        client.ping();
        assertThat(client.status(jobs.get(0))).isEqualTo("queued");

        jobs.forEach(client::awaitEnd);
        for (String job : jobs) {
            JsonNode status = status(client, job);
            assertThat(status.path("reason").asText()).isEqualTo("start");
            assertThat(status.path("message").asText()).contains("Unable to contact slurm controller");
        }
    }

    @Test
    void aWorkerThatTheAdministratorCancelsIsToldWithSlurmsWords() throws Exception {
        ShellClient client = start("slurm");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);

        cluster().run("scancel", "-u", "root");

        awaitLost(client, jobs);
        assertThat(status(client, jobs.get(0)).path("message").asText())
                .startsWith("Slurm ended the worker: slurmstepd")
                .contains("CANCELLED AT");
        awaitNothingLeft(trees);
    }

    @Test
    void withoutItsConfigurationNothingIsAskedOfSlurm() throws Exception {
        ShellClient client = start(command("slurm").with("SLURM_CONF", "/no/such.conf"));

        String answer = client.call("codex_spawn", Map.of("prompt", "echo")).text();

        assertThat(answer).contains("Slurm: SLURM_CONF is /no/such.conf, but there is no such file");
    }
}

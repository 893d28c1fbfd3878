package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers on a real Slurm: whatever ends, afterwards there is no process, no job and no allocation. */
@Tag("hosts")
class SlurmIT extends ClusterFixture {
    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL", "SIGKILL to everything"})
    void nothingIsLeftOfRunningWorkersAfter(String end) throws Exception {
        ShellClient client = start("slurm");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);
        jobs.forEach(
                job -> assertThat(status(client, job).path("host").asText()).isEqualTo("node1"));

        end(client, end, jobs);

        if (end.endsWith("cancel")) {
            awaitCanceled(client, jobs);
        }
        awaitNothingLeft(trees);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL"})
    void nothingIsLeftOfPendingJobsAfter(String end) throws Exception {
        ShellClient client = start("slurm");
        List<String> jobs = spawnPending(client);

        end(client, end, jobs);

        awaitNothingLeft(List.of());
        if (end.endsWith("cancel")) {
            awaitCanceled(client, jobs);
        }
    }

    @Test
    void theReasonThatAJobIsPendingIsShown() throws Exception {
        cluster().fill();
        ShellClient client = start("slurm");
        String job = client.spawn("echo '{\"type\":\"turn.completed\"}'");

        Polling.until(
                "Slurm's reason",
                () -> Responses.json(client.get(client.ask("codex_list", ShellClient.job(job))))
                        .path("jobs")
                        .path(0)
                        .path("doing")
                        .asText()
                        .startsWith("waits for Slurm: "));
        cluster().free();

        client.awaitEnd(job);
        assertThat(client.status(job)).isEqualTo("done");
        assertThat(client.events(job).get(0).path("content").path("kind").asText())
                .isEqualTo("spawned");
    }

    @Test
    void aMissingFolderIsReportedWithTheNode() throws Exception {
        ShellClient client = start("slurm");
        String job = client.call("codex_spawn", Map.of("prompt", "echo", "workingDirectory", "/no/such folder"))
                .json()
                .path("jobId")
                .asText();
        client.awaitEnd(job);

        JsonNode status = status(client, job);

        assertThat(status.path("reason").asText()).isEqualTo("start");
        assertThat(status.path("message").asText()).isEqualTo("Slurm: no directory /no/such folder on node1");
    }
}

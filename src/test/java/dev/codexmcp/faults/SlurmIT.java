package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Workers on a real Slurm: whatever ends, afterwards there is no process, no job and no allocation. The server is in a namespace of
 * process IDs of its own, so it can't see the workers in {@code /proc}, as it could not on another host.
 */
@Tag("hosts")
class SlurmIT {
    /** Starts the server, and stays until everything in the namespace has ended: the server's watchdogs outlive it. */
    private static final String INIT = "exec 3<&0; \"$@\" <&3 3<&- & exec 3<&- 0</dev/null; wait; "
            + "while set -- /proc/[0-9]* && [ $# -gt 1 ]; do sleep 0.1; done";

    private static @Nullable Cluster running;

    @TempDir
    Path scratch;

    private @Nullable ShellClient server;

    @BeforeAll
    static void bringUp() throws Exception {
        running = Cluster.up();
    }

    @AfterAll
    static void bringDown() throws Exception {
        if (running != null) {
            running.down();
        }
    }

    @AfterEach
    void killWhatIsLeft() throws Exception {
        if (server != null) {
            server.close();
        }
        cluster().run("sh", "-c", "scancel -u root; while squeue -h | grep -q .; do sleep 0.1; done");
        ProcessProbe.inDirectory(scratch).kill();
    }

    private static Cluster cluster() {
        if (running == null) {
            throw new IllegalStateException("no cluster");
        }
        return running;
    }

    private ShellClient start() {
        ShellCodex.install(scratch);
        ShellClient started = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_LAUNCHER", "slurm")
                .with("CODEX_MCP_LEASE_SECONDS", "6")
                .with("SLURM_CONF", cluster().slurmConf())
                .by("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", INIT, "init")
                .start();
        server = started;
        started.initialize();
        return started;
    }

    private List<WorkerTree> trees() {
        return List.of(WorkerTree.in(scratch, "plain"), WorkerTree.in(scratch, "stubborn"));
    }

    private List<String> spawn(ShellClient client, List<WorkerTree> trees) {
        List<String> jobs = List.of(
                client.spawn(trees.get(0).script()), client.spawn(trees.get(1).stubbornScript()));
        trees.forEach(WorkerTree::awaitAllAtWork);
        return jobs;
    }

    /** Ends the server or its jobs. The server's own process is a descendant of the client's child. */
    private void end(ShellClient client, String how, List<String> jobs) {
        switch (how) {
            case "cancel" ->
                jobs.forEach(job -> assertThat(client.cancel(job, false)).isTrue());
            case "forced cancel" ->
                jobs.forEach(job -> assertThat(client.cancel(job, true)).isTrue());
            case "stdin closed" -> client.closeStdin();
            case "SIGTERM" -> signal(client, "dev.codexmcp.Main", "TERM");
            case "SIGKILL" -> signal(client, "dev.codexmcp.Main", "KILL");
            case "SIGKILL to everything" -> client.signal("KILL");
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** Sends a signal to the descendants of the client's child that have this word among their arguments. */
    private static void signal(ShellClient client, String word, String signal) {
        List<String> pids = client.process()
                .descendants()
                .filter(process -> ProcessProbe.withId(process.pid()).find().stream()
                        .anyMatch(found -> found.command().contains(word)
                                && !found.command().contains("init")))
                .map(process -> Long.toString(process.pid()))
                .toList();
        assertThat(pids).isNotEmpty();
        ShellClient.run("sh", "-c", "kill -" + signal + " " + String.join(" ", pids) + " || true");
    }

    private static JsonNode status(ShellClient client, String job) {
        return Responses.json(client.get(client.ask("codex_status", ShellClient.job(job))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL", "SIGKILL to everything"})
    void nothingIsLeftOfRunningWorkersAfter(String end) {
        ShellClient client = start();
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);
        jobs.forEach(
                job -> assertThat(status(client, job).path("host").asText()).isEqualTo("node1"));

        end(client, end, jobs);

        if (end.endsWith("cancel")) {
            jobs.forEach(client::awaitEnd);
            jobs.forEach(job -> assertThat(client.status(job)).isEqualTo("canceled"));
        }
        trees.forEach(WorkerTree::awaitGone);
        cluster().awaitEmptyQueue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL"})
    void nothingIsLeftOfPendingJobsAfter(String end) throws Exception {
        cluster().fill();
        ShellClient client = start();
        List<String> jobs = List.of(client.spawn("echo one"), client.spawn("echo two"));
        Polling.until(
                "two pending jobs",
                () -> cluster()
                                .queue()
                                .lines()
                                .filter(line -> line.endsWith("PENDING"))
                                .count()
                        == 2);
        jobs.forEach(job -> assertThat(client.status(job)).isEqualTo("queued"));

        end(client, end, jobs);

        cluster().awaitEmptyQueue();
        if (end.endsWith("cancel")) {
            jobs.forEach(client::awaitEnd);
            jobs.forEach(job -> assertThat(client.status(job)).isEqualTo("canceled"));
        }
    }

    @Test
    void aWorkerWhoseLauncherIsKilledIsLost() {
        ShellClient client = start();
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);

        signal(client, "--quiet", "KILL"); // srun, and its child

        jobs.forEach(client::awaitEnd);
        jobs.forEach(
                job -> assertThat(status(client, job).path("reason").asText()).isEqualTo("lost"));
        trees.forEach(WorkerTree::awaitGone);
        cluster().awaitEmptyQueue();
    }

    @Test
    void theReasonThatAJobIsPendingIsShown() throws Exception {
        cluster().fill();
        ShellClient client = start();
        String job = client.spawn("echo '{\"type\":\"turn.completed\"}'");

        Polling.until(
                "Slurm's reason",
                () -> Responses.json(client.get(client.ask("codex_list", ShellClient.job(job))))
                        .path("jobs")
                        .path(0)
                        .path("doing")
                        .asText()
                        .startsWith("waits for Slurm: "));
        cluster().run("scancel", "-n", "filler");

        client.awaitEnd(job);
        assertThat(client.status(job)).isEqualTo("done");
        assertThat(client.events(job).get(0).path("content").path("kind").asText())
                .isEqualTo("spawned");
    }

    @Test
    void aMissingFolderIsReportedWithTheNode() {
        ShellClient client = start();
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

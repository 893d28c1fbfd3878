package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster on this machine for each class of tests, and a server for each test. The server is in a namespace of process IDs of its
 * own, so it can't see the workers in {@code /proc}, as it could not on another host.
 */
abstract class ClusterFixture {
    /** Starts the server, and stays until everything in the namespace has ended: the server's watchdogs outlive it. */
    private static final String INIT = "exec 3<&0; \"$@\" <&3 3<&- & exec 3<&- 0</dev/null; wait; "
            + "while set -- /proc/[0-9]* && [ $# -gt 1 ]; do sleep 0.1; done";

    private static final String DONE = "echo '{\"type\":\"turn.completed\"}'";

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
        cluster().mend();
        ProcessProbe.inDirectory(scratch).kill();
    }

    static Cluster cluster() {
        if (running == null) {
            throw new IllegalStateException("no cluster");
        }
        return running;
    }

    /** A server whose workers run their prompts as shell scripts, with the shortest lease. */
    ShellCodexServer command(String launcher) throws Exception {
        ShellCodex.install(scratch);
        return ShellCodexServer.in(scratch)
                .with("CODEX_MCP_LAUNCHER", launcher)
                .with("CODEX_MCP_LAUNCHERS", cluster().sshLaunchers())
                .with("CODEX_MCP_LEASE_SECONDS", "6")
                .with("CODEX_MCP_LAUNCHER_ENV", "PATH,TMPDIR") // where the workers find beat
                .with("SLURM_CONF", cluster().slurmConf())
                .with("TMPDIR", Files.createDirectories(scratch.resolve("tmp")).toString())
                .by("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", INIT, "init");
    }

    ShellClient start(ShellCodexServer command) {
        ShellClient started = command.start();
        server = started;
        started.initialize();
        return started;
    }

    ShellClient start(String launcher) throws Exception {
        return start(command(launcher));
    }

    /** A worker that ends on SIGTERM, and one that does not. */
    List<WorkerTree> trees() {
        return List.of(WorkerTree.in(scratch, "plain"), WorkerTree.in(scratch, "stubborn"));
    }

    List<String> spawn(ShellClient client, List<WorkerTree> trees) {
        List<String> jobs = List.of(
                client.spawn(trees.get(0).script()), client.spawn(trees.get(1).stubbornScript()));
        trees.forEach(WorkerTree::awaitAllAtWork);
        return jobs;
    }

    /** Fills the cluster, and spawns two jobs that wait in Slurm's queue. */
    List<String> spawnPending(ShellClient client) throws Exception {
        cluster().fill();
        List<String> jobs = List.of(client.spawn(DONE), client.spawn(DONE));
        Polling.until(
                "two pending jobs",
                () -> cluster()
                                .queue()
                                .lines()
                                .filter(line -> line.endsWith("PENDING"))
                                .count()
                        == 2);
        jobs.forEach(job -> assertThat(client.status(job)).isEqualTo("queued"));
        return jobs;
    }

    /** Ends the server or its jobs. The server's own process is a descendant of the client's child. */
    static void end(ShellClient client, String how, List<String> jobs) {
        switch (how) {
            case "cancel" ->
                jobs.forEach(job -> assertThat(client.cancel(job, false)).isTrue());
            case "forced cancel" ->
                jobs.forEach(job -> assertThat(client.cancel(job, true)).isTrue());
            case "stdin closed" -> client.closeStdin();
            case "SIGTERM" -> signal(descendants(client, "dev.codexmcp.Main"), "TERM");
            case "SIGKILL" -> signal(descendants(client, "dev.codexmcp.Main"), "KILL");
            case "SIGKILL to everything" -> client.signal("KILL");
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** The descendants of the client's child that have this word among their arguments. */
    static List<ProcessProbe.Found> descendants(ShellClient client, String word) {
        return client.process()
                .descendants()
                .flatMap(process -> ProcessProbe.withId(process.pid()).find().stream())
                .filter(found ->
                        found.command().contains(word) && !found.command().contains("init"))
                .toList();
    }

    static void signal(List<ProcessProbe.Found> processes, String signal) {
        assertThat(processes).isNotEmpty();
        List<String> pids =
                processes.stream().map(process -> Long.toString(process.pid())).toList();
        ShellClient.run("sh", "-c", "kill -" + signal + " " + String.join(" ", pids) + " || true");
    }

    static JsonNode status(ShellClient client, String job) {
        return Responses.json(client.get(client.ask("codex_status", ShellClient.job(job))));
    }

    static void awaitCanceled(ShellClient client, List<String> jobs) {
        jobs.forEach(client::awaitEnd);
        jobs.forEach(job -> assertThat(client.status(job)).isEqualTo("canceled"));
    }

    static void awaitLost(ShellClient client, List<String> jobs) {
        jobs.forEach(client::awaitEnd);
        jobs.forEach(
                job -> assertThat(status(client, job).path("reason").asText()).isEqualTo("lost"));
    }

    /** The processes of this test: its server, its workers, and what runs them. */
    ProcessProbe ofThisTest() {
        return ProcessProbe.inDirectory(scratch);
    }

    /** Waits until no worker, no job, no allocation and no file of a lease is left. */
    void awaitNothingLeft(List<WorkerTree> trees) throws Exception {
        trees.forEach(WorkerTree::awaitGone);
        cluster().awaitEmptyQueue();
        ProcessProbe.withCommand("codex-mcp-")
                .and(ofThisTest())
                .butNot(ProcessProbe.withCommand("dev.codexmcp.Main"))
                .butNot(ProcessProbe.withCommand("codex-mcp-server"))
                .butNot(ProcessProbe.withCommand("watchdog"))
                .awaitNone();
        try (Stream<Path> files = Files.list(scratch.resolve("tmp"))) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("codex-mcp.")))
                    .isEmpty();
        }
    }
}

package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.TestJson;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** If the system runs out of a resource, the caller gets an error, and running jobs continue and can be cancelled. */
class ScarceResourcesIT {
    /** A user id without other processes that would count: zombies of an earlier run may remain. */
    private static final String UID = String.valueOf(ThreadLocalRandom.current().nextInt(200_000, 1_000_000));

    @TempDir
    Path scratch;

    private Path work;
    private final List<ShellClient> servers = new ArrayList<>();

    @BeforeEach
    void installCodex() throws IOException {
        ShellCodex.install(scratch);
        work = Files.createDirectory(scratch.resolve("work"));
        for (Path path : List.of(scratch, work)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    @AfterEach
    void killWhatIsLeft() {
        servers.forEach(ShellClient::close);
        ProcessProbe.inDirectory(scratch).kill();
        servers.forEach(server -> assertThat(server.strays()).isEmpty());
    }

    private ShellClient server(String... by) {
        ShellClient server = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_MAX_JOBS", "500")
                .by(by)
                .start();
        servers.add(server);
        server.initialize();
        return server;
    }

    /** Spawns workers until one can't be started any more; the error is the last in the list. */
    private List<String> spawnUntilRefused(ShellClient server) {
        List<String> jobs = new ArrayList<>();
        while (jobs.size() < 500) {
            JsonNode answer = server.get(
                    server.ask("codex_spawn", TestJson.object().put("prompt", "cd '" + work + "'; exec sleep 1000")));
            if (Responses.failed(answer)) {
                jobs.add(Responses.text(answer));
                return jobs;
            }
            jobs.add(Responses.json(answer).path("jobId").textValue());
        }
        throw new AssertionError("nothing was refused");
    }

    private void livesOnAndComesBack(ShellClient server, List<String> jobs, int rounds) {
        server.ping();
        assertThat(server.status(jobs.get(0))).isEqualTo("running");
        Polling.until(
                jobs.size() + " workers at most",
                () -> ProcessProbe.inDirectory(work).find().size() == jobs.size());

        // Each failure returned its permit: there are far fewer permits than tries.
        for (int i = 0; i < rounds; i++) {
            assertThat(Responses.failed(server.get(
                            server.ask("codex_spawn", TestJson.object().put("prompt", "exec sleep 1000")))))
                    .isTrue();
        }
        for (String job : jobs) {
            assertThat(server.cancel(job, jobs.indexOf(job) % 2 == 0)).isTrue();
        }
        for (String job : jobs) {
            server.awaitEnd(job);
            assertThat(server.status(job)).isEqualTo("canceled");
        }
        ProcessProbe.inDirectory(work).awaitNone();
        String again = server.spawn("echo '{\"type\":\"turn.completed\"}'");
        server.awaitEnd(again);
        assertThat(server.status(again)).isEqualTo("done");
    }

    @Test
    void tooManyOpenFilesIsReportedAndRunningJobsCanBeCancelled(TestReporter reporter) {
        ShellClient server = server("prlimit", "--nofile=90:90");
        List<String> jobs = spawnUntilRefused(server);
        String error = jobs.remove(jobs.size() - 1);

        reporter.publishEntry(jobs.size() + " workers, then", error);
        assertThat(error).contains("Too many open files");
        livesOnAndComesBack(server, jobs, 5);
    }

    @Test
    void controlSocketComesBackWhenFilesCanBeOpenedAgain() throws IOException {
        Path runtime = Files.createDirectory(scratch.resolve("run"));
        ShellClient server =
                server("env", "XDG_RUNTIME_DIR=" + runtime, "CODEX_MCP_SOCKET=on", "prlimit", "--nofile=90:90");
        List<String> jobs = spawnUntilRefused(server);
        jobs.remove(jobs.size() - 1);
        Path folder = runtime.resolve("codex-mcp-server");
        Polling.until(
                "the control socket",
                () -> Files.isDirectory(folder) && !sockets(folder).isEmpty());
        UnixDomainSocketAddress socket =
                UnixDomainSocketAddress.of(sockets(folder).get(0));

        List<SocketChannel> connections = new ArrayList<>();
        for (int i = 0; i < 20; i++) { // more than there are descriptors left
            connections.add(SocketChannel.open(socket));
        }
        Path open = Path.of("/proc/" + server.pid() + "/fd");
        Polling.until("90 open files", () -> {
            try (Stream<Path> files = Files.list(open)) {
                return files.count() == 90;
            }
        });
        server.ping();
        for (SocketChannel connection : connections) {
            connection.close();
        }
        jobs.forEach(job -> server.cancel(job, true));

        try (SocketChannel connection = SocketChannel.open(socket)) {
            ByteBuffer greeting = ByteBuffer.allocate(12);
            while (greeting.hasRemaining() && connection.read(greeting) >= 0) {}
            assertThat(new String(greeting.array(), StandardCharsets.UTF_8)).startsWith("{\"protocol\"");
        }
    }

    private static List<Path> sockets(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void serverWithTooManyOpenFilesStillEndsItsWorkers() {
        ShellClient server = server("prlimit", "--nofile=90:90");
        spawnUntilRefused(server);

        server.closeStdin();

        assertThat(server.awaitExit()).isZero();
        ProcessProbe.inDirectory(scratch).awaitNone();
    }

    @Test
    void serverThatIsKilledWhileThereAreTooManyOpenFilesLeavesNothing() {
        ShellClient server = server("prlimit", "--nofile=90:90");
        spawnUntilRefused(server);

        server.signal("KILL");

        ProcessProbe.inDirectory(scratch).awaitNone();
    }

    @Test
    void tooManyProcessesIsReportedAndLeavesNoUnknownWorker(TestReporter reporter) throws Exception {
        String[] by = {"setpriv", "--reuid=" + UID, "--clear-groups", "prlimit", "--nproc=80:80"};
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become somebody with no processes");
        assumeTrue(canRun(by), "the server's files are not for everybody's eyes here");
        ShellClient server = server(by);
        List<String> jobs = spawnUntilRefused(server);
        String error = jobs.remove(jobs.size() - 1);

        reporter.publishEntry(jobs.size() + " workers, then", error);
        assertThat(error).containsAnyOf("Resource temporarily unavailable", "unable to create native thread");
        livesOnAndComesBack(server, jobs, 5);
    }

    private boolean canRun(String... by) throws Exception {
        List<String> command = Stream.concat(
                        Stream.of(by), Stream.of(System.getProperty("codexmcp.launcher"), "--version"))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).directory(scratch.toFile());
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home")));
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        return process.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}

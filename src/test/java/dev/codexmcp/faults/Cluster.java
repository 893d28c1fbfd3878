package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Slurm and a real ssh server on this machine, brought up by {@code scripts/cluster-up}: one node with two processors. */
final class Cluster {
    private static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));

    private static final List<String> PROGRAMS = List.of("slurmctld", "slurmd", "srun", "munged", "sshd", "ssh");

    /** After an outage of the controller, a step that has ended waits for a minute before it reports that again. */
    private static final Duration COMPLETION = Duration.ofMinutes(3);

    private final Path folder;

    private Cluster(Path folder) {
        this.folder = folder;
    }

    /** Skips the tests if this machine can't have a cluster. */
    static Cluster up() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "a cluster needs root: Slurm starts processes for other users");
        for (String program : PROGRAMS) {
            assumeTrue(
                    Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                            .anyMatch(place -> Files.isExecutable(Path.of(place, program))),
                    "a cluster needs " + program
                            + ": apt-get install slurmctld slurmd slurm-client munge openssh-server");
        }
        // In a short path, which the name of a socket needs.
        Cluster cluster = new Cluster(Files.createTempDirectory(Path.of("/tmp"), "cluster"));
        int port = freePorts(3);
        cluster.run(
                LAUNCHER.resolveSibling("cluster-up").toString(),
                "--nodes",
                "1",
                "--cpus",
                "2",
                "--port",
                Integer.toString(port),
                "--folder",
                cluster.folder.toString());
        return cluster;
    }

    /** The first of some ports that nobody uses. */
    private static int freePorts(int count) {
        int first = 20_000 + 10 * ThreadLocalRandom.current().nextInt(1000);
        for (int port = first; port < first + count; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.setReuseAddress(false);
            } catch (IOException e) {
                return freePorts(count);
            }
        }
        return first;
    }

    String slurmConf() {
        return folder.resolve("slurm.conf").toString();
    }

    /** Launchers for {@code CODEX_MCP_LAUNCHERS}: {@code node} and {@code impatient}, which notices a silent network soon. */
    String sshLaunchers() {
        String command = "{\"command\":[\"ssh:node\"],\"options\":[\"-F\",\"" + folder.resolve("ssh/config") + "\"";
        return "{\"node\":" + command + "]},\"impatient\":" + command
                + ",\"-oServerAliveInterval=3\",\"-oServerAliveCountMax=3\"]}}";
    }

    /** The processes of the ssh server that serve a connection. */
    List<ProcessProbe.Found> sshSessions() throws IOException {
        long server =
                Long.parseLong(Files.readString(folder.resolve("run/sshd.pid")).strip());
        return ProcessHandle.of(server)
                .orElseThrow()
                .descendants()
                .flatMap(process -> ProcessProbe.withId(process.pid()).find().stream())
                .filter(found -> found.command().get(0).startsWith("sshd"))
                .toList();
    }

    /** What a command prints that must exit with 0; Slurm's own commands find this cluster. */
    String run(String... command) throws Exception {
        Path output = Files.createTempFile("cluster", "output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        builder.environment().put("SLURM_CONF", slurmConf());
        Process process = builder.start();
        assertThat(process.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(process.exitValue()).as("%s: %s", List.of(command), text).isZero();
        return text;
    }

    /** The names and states of the server's jobs, a line each. */
    String queue() throws Exception {
        return run("sh", "-c", "squeue -h -o '%j %T' | grep codex-mcp || true");
    }

    /** Takes all processors. */
    void fill() throws Exception {
        fill(2);
    }

    /** Takes some processors. */
    void fill(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            run("sbatch", "-n1", "-o", "/dev/null", "--job-name=filler", "--wrap", "sleep 1000");
        }
        Polling.until(
                "a full cluster",
                () -> run("squeue", "-h", "-n", "filler", "-t", "RUNNING")
                                .lines()
                                .count()
                        == count);
    }

    void awaitEmptyQueue() {
        Polling.on("no job of the server in Slurm").atMost(COMPLETION).until(() -> queue().isEmpty());
    }

    /** Frees the processors again. */
    void free() throws Exception {
        run("scancel", "-n", "filler");
    }

    /** Kills the controller, or the node's daemon: {@code slurmctld}, {@code slurmd-node1}. */
    void kill(String daemon) throws Exception {
        Path file = folder.resolve("run/" + daemon + ".pid");
        long pid = Long.parseLong(Files.readString(file).strip());
        ShellClient.run("kill", "-KILL", Long.toString(pid));
        ProcessProbe.withId(pid).awaitNone();
        Files.delete(file);
    }

    /** Starts again what {@link #kill} has ended, and waits until the node can be used. */
    void revive() throws Exception {
        run(
                "sh",
                "-c",
                "cd '" + folder
                        + "'; [ -e run/slurmctld.pid ] || slurmctld; [ -e run/slurmd-node1.pid ] || slurmd -N node1");
        Polling.until("the node", () -> {
            String state = run("sh", "-c", "sinfo -h -N -o %t || true").strip();
            if (state.startsWith("dr")) { // Slurm drains a node if a step takes too long to end
                run("sh", "-c", "scontrol update nodename=node1 state=resume || true");
            }
            return state.matches("idle|mix|alloc|comp");
        });
    }

    /** Has the controller save its state: one that is killed soon after a change would remember the jobs of earlier tests. */
    void settle() throws Exception {
        Path file = folder.resolve("run/slurmctld.pid");
        long pid = Long.parseLong(Files.readString(file).strip());
        ShellClient.run("kill", "-TERM", Long.toString(pid));
        ProcessProbe.withId(pid).awaitNone();
        Files.deleteIfExists(file);
        revive();
    }

    /** Ends all jobs, and revives the daemons. */
    void mend() throws Exception {
        revive();
        run("sh", "-c", "scancel -u root; while squeue -h | grep -q .; do sleep 0.1; done");
    }

    /** Ends it. */
    void down() throws Exception {
        run(LAUNCHER.resolveSibling("cluster-down").toString(), "--folder", folder.toString());
    }
}

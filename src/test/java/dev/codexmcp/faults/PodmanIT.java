package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.ScratchFolders;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers in containers of a real podman, with an image that holds busybox and nothing else: whatever ends, nothing is left. */
@Tag("hosts")
class PodmanIT {
    private static final String IMAGE = "localhost/codex-mcp-test";

    /** For machines whose cgroups or limits are not as podman expects them; no network. */
    private static final String CONFIGURATION = """
            [containers]
            netns = "none"
            default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
            [engine]
            cgroup_manager = "cgroupfs"
            runtime = "%s"
            """;

    private static @Nullable Path podman;

    @TempDir
    Path scratch;

    private @Nullable ShellClient server;

    @BeforeAll
    static void makeImage() throws Exception {
        for (String program : List.of("/usr/bin/podman", "/bin/busybox")) {
            assumeTrue(
                    Files.isExecutable(Path.of(program)),
                    "needs " + program + ": apt-get install podman busybox-static");
        }
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "podman");
        podman = folder;
        Files.writeString(
                folder.resolve("storage.conf"),
                "[storage]\ndriver = \"vfs\"\nrunroot = \"" + folder + "/run\"\ngraphroot = \"" + folder
                        + "/store\"\n");
        Path image = Files.createDirectories(folder.resolve("image"));
        for (String directory : List.of("bin", "tmp", "proc", "dev", "sys", "etc", "usr", "run")) {
            Files.createDirectory(image.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), image.resolve("bin/busybox"));
        String said = "";
        boolean works = false;
        for (String runtime : List.of("crun", "runc")) {
            Files.writeString(folder.resolve("containers.conf"), CONFIGURATION.formatted(runtime));
            Result trial =
                    run("cd '" + image + "'; chroot . /bin/busybox --install -s /bin; tar -c . | podman import - "
                            + IMAGE + " && podman run --rm --init " + IMAGE + " true");
            works |= trial.code() == 0;
            said = trial.output();
            if (works) {
                break;
            }
        }
        assumeTrue(works, "podman runs no container here: " + said);
    }

    @AfterAll
    static void removeImage() throws Exception {
        if (podman != null) {
            run("podman rm -fa; podman rmi -fa");
            ScratchFolders.deleteTree(podman);
        }
    }

    @AfterEach
    void killWhatIsLeft() throws Exception {
        if (server != null) {
            server.close();
        }
        run("podman rm -fa");
        ProcessProbe.inDirectory(scratch).kill();
    }

    private record Result(int code, String output) {}

    private static Path folder() {
        if (podman == null) {
            throw new IllegalStateException("no podman");
        }
        return podman;
    }

    private static Result run(String script) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().put("CONTAINERS_CONF", folder() + "/containers.conf");
        builder.environment().put("CONTAINERS_STORAGE_CONF", folder() + "/storage.conf");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), output.strip());
    }

    private ShellClient start(String launcher) {
        ShellCodex.install(scratch);
        ShellClient started = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_LAUNCHER", launcher)
                .with("CODEX_MCP_LEASE_SECONDS", "6")
                .with("CODEX_MCP_LAUNCHER_ENV", "PATH")
                .with("CONTAINERS_CONF", folder() + "/containers.conf")
                .with("CONTAINERS_STORAGE_CONF", folder() + "/storage.conf")
                .start();
        server = started;
        started.initialize();
        return started;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL", "kill of podman"})
    void nothingIsLeftAfter(String end) throws Exception {
        ShellClient client = start("podman:" + IMAGE);
        WorkerTree tree = WorkerTree.in(scratch, "tree");
        String job = client.spawn(tree.stubbornScript());
        tree.awaitAllAtWork();

        switch (end) {
            case "cancel" -> assertThat(client.cancel(job, false)).isTrue();
            case "forced cancel" -> assertThat(client.cancel(job, true)).isTrue();
            case "stdin closed" -> client.closeStdin();
            case "SIGTERM" -> client.signal("TERM");
            case "SIGKILL" -> client.signal("KILL");
            default ->
                ProcessProbe.withCommand("podman run")
                        .and(ProcessProbe.inDirectory(scratch))
                        .kill();
        }

        ProcessProbe.ofJob(job).awaitNone();
        tree.awaitGone();
        Polling.until("no container", () -> run("podman ps -aq").output().isEmpty());
        if (end.startsWith("kill")) {
            client.awaitEnd(job);
            assertThat(status(client, job).path("reason").asText()).isEqualTo("lost");
        }
    }

    @Test
    void aWorkerSeesItsFolderAndNothingElseOfTheHost() throws Exception {
        ShellClient client = start("podman:" + IMAGE);
        Path outside = Files.createDirectory(folder().resolve("outside"));

        String job = client.spawn(
                "[ ! -e '" + outside + "' ] && echo grüße >arrived && echo '{\"type\":\"turn.completed\"}'");
        client.awaitEnd(job);

        assertThat(client.status(job)).isEqualTo("done");
        assertThat(status(client, job).path("host").asText()).isEqualTo("podman");
        assertThat(scratch.resolve("arrived")).hasContent("grüße");
    }

    @Test
    void aMissingImageIsReported() {
        ShellClient client = start("podman:localhost/no-such-image");

        String job = client.spawn("echo");
        client.awaitEnd(job);

        JsonNode status = status(client, job);
        assertThat(status.path("reason").asText()).isEqualTo("start");
        assertThat(status.path("message").asText())
                .startsWith("podman with localhost/no-such-image ended with exit code 125: ");
    }

    private static JsonNode status(ShellClient client, String job) {
        return Responses.json(client.get(client.ask("codex_status", ShellClient.job(job))));
    }
}

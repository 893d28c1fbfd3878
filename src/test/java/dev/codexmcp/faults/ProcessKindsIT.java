package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.testkit.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Of no kind of process is anything left, whoever runs the server and however its worker or it ends: processes that hide
 * their environment from all but root, that have none, or whose parents have died.
 *
 * <p>A program that its user may run but not read makes a process that is not dumpable: here it is a copy of the shell.
 */
class ProcessKindsIT {
    /** Starts each kind; {@code agent} loses its parent once it has been seen. */
    private static final String KINDS = """
            beat child &
            env -i PATH="$PATH" beat bare &
            (setsid beat daemon </dev/null >/dev/null 2>&1 &)
            (beat orphan </dev/null >/dev/null 2>&1 &)
            setsid beat session &
            hidden "$(command -v beat)" hidden &
            hidden -c 'env -i PATH="$PATH" beat bare-of-hidden & wait' &
            (setsid hidden "$(command -v beat)" agent </dev/null >/dev/null 2>&1 & until [ -e seen ]; do sleep 0.02; done) &
            """;

    @TempDir
    Path scratch;

    private @Nullable Server server;

    @AfterEach
    void killWhatIsLeft() {
        if (server != null) {
            server.close();
        }
        Processes.kill(scratch);
    }

    private Server start(boolean ordinary) throws IOException {
        ShellCodex.install(scratch);
        Path hidden = Files.copy(Path.of("/bin/sh"), scratch.resolve("bin/hidden"));
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("--x--x--x"));
        ServerLaunch launch = ServerLaunch.in(scratch);
        if (ordinary) {
            assumeTrue(OrdinaryUser.isAvailable(), OrdinaryUser.MISSING);
            OrdinaryUser.give(scratch);
            launch = launch.by(OrdinaryUser.command(List.of()).toArray(String[]::new));
        }
        Server started = launch.start();
        server = started;
        started.initialize();
        return started;
    }

    @ParameterizedTest
    @CsvSource({
        "cancel, false",
        "forced cancel, false",
        "stdin closed, false",
        "SIGTERM, false",
        "SIGKILL, false",
        "cancel, true",
        "forced cancel, true",
        "stdin closed, true",
        "SIGTERM, true",
        "SIGKILL, true"
    })
    void nothingIsLeftOfAnyKindAfter(String end, boolean ordinaryUser) throws Exception {
        Server running = start(ordinaryUser);
        WorkerTree plain = WorkerTree.in(scratch, "plain");
        WorkerTree writer = WorkerTree.in(scratch, "writer");
        WorkerTree hidden = WorkerTree.in(scratch, "hidden");
        if (ordinaryUser) {
            OrdinaryUser.give(scratch);
        }
        Map<WorkerTree, String> jobs = Map.of(
                plain, running.spawn("cd '" + plain.directory() + "'\n" + KINDS + "exec beat worker"),
                writer, // dies at its next write once nobody reads
                        running.spawn("cd '" + writer.directory() + "'\n" + KINDS
                                + "while echo '{}'; do echo >>worker; sleep 0.01; done"),
                hidden,
                        running.spawn("cd '" + hidden.directory() + "'\n" + KINDS
                                + "exec hidden \"$(command -v beat)\" worker"));
        for (WorkerTree tree : jobs.keySet()) {
            Wait.until(
                    "writers in " + tree.directory(),
                    () -> tree.written()
                            .keySet()
                            .containsAll(List.of(
                                    "worker",
                                    "child",
                                    "bare",
                                    "daemon",
                                    "orphan",
                                    "session",
                                    "hidden",
                                    "bare-of-hidden",
                                    "agent")));
        }
        awaitLook(running);
        for (WorkerTree tree : jobs.keySet()) {
            Files.createFile(tree.directory().resolve("seen"));
        }

        switch (end) {
            case "cancel" ->
                jobs.values()
                        .forEach(job -> assertThat(running.cancel(job, false)).isTrue());
            case "forced cancel" ->
                jobs.values()
                        .forEach(job -> assertThat(running.cancel(job, true)).isTrue());
            case "stdin closed" -> running.closeStdin();
            case "SIGTERM" -> running.signal("TERM");
            default -> running.signal("KILL");
        }

        jobs.keySet().forEach(WorkerTree::awaitGone);
        if (end.endsWith("cancel")) {
            jobs.values().forEach(job -> assertThat(running.status(job)).isEqualTo("canceled"));
        }
        assertThat(running.strays()).isEmpty();
    }

    /** Waits until the server has looked at all processes that live by now, as it does before it ends a worker. */
    private static void awaitLook(Server running) {
        String job = running.spawn("exec sleep 1000");
        assertThat(running.cancel(job, true)).isTrue();
        running.awaitEnd(job);
    }
}

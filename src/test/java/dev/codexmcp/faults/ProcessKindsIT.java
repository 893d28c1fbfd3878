package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.testkit.OrdinaryUser;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No process of any kind is left, whichever user runs the server and however it or its worker ends: processes that hide
 * their environment from all but root, that have none, or whose parents have died.
 *
 * <p>Making a process non-dumpable takes a system call that no shell makes, so the tests need a C compiler.
 */
class ProcessKindsIT {
    private static final Path COMPILER = Path.of("/usr/bin/cc");

    /** {@code hidden FILE [PROGRAM ARGUMENTS…]} is not dumpable, starts the program, and writes until it is killed. */
    private static final String HIDDEN = """
            #include <fcntl.h>
            #include <sys/prctl.h>
            #include <unistd.h>
            int main(int count, char **words) {
                prctl(PR_SET_DUMPABLE, 0);
                if (count > 2 && fork() == 0) {
                    execvp(words[2], words + 2);
                    _exit(1);
                }
                int file = open(words[1], O_WRONLY | O_CREAT | O_APPEND, 0666);
                while (write(file, "\\n", 1) == 1) usleep(50000);
            }
            """;

    /** The file that each kind writes to. */
    private static final List<String> KINDS = List.of(
            "worker",
            "child",
            "bare",
            "daemon",
            "orphan",
            "session",
            "hidden",
            "child-of-hidden",
            "bare-of-hidden",
            "agent");

    /** Starts each kind; the parent of {@code agent} exits once the server has seen it. */
    private static final String SCRIPT = """
            beat child &
            env -i PATH="$PATH" beat bare &
            (setsid beat daemon </dev/null >/dev/null 2>&1 &)
            (beat orphan </dev/null >/dev/null 2>&1 &)
            setsid beat session &
            hidden hidden beat child-of-hidden &
            hidden parent env -i PATH="$PATH" beat bare-of-hidden &
            (setsid hidden agent </dev/null >/dev/null 2>&1 & until [ -e seen ]; do sleep 0.02; done) &
            """;

    @TempDir
    Path scratch;

    private @Nullable ShellClient server;

    @AfterEach
    void killWhatIsLeft() {
        if (server != null) {
            server.close();
        }
        ProcessProbe.inDirectory(scratch).kill();
    }

    private ShellClient start(boolean ordinary) throws IOException {
        ShellCodex.install(scratch);
        assumeTrue(Files.isExecutable(COMPILER), "no compiler at " + COMPILER);
        Path source = Files.writeString(scratch.resolve("hidden.c"), HIDDEN);
        ShellClient.run(COMPILER.toString(), source.toString(), "-o", scratch + "/bin/hidden");
        ShellCodexServer launch = ShellCodexServer.in(scratch);
        if (ordinary) {
            assumeTrue(OrdinaryUser.isAvailable(), OrdinaryUser.MISSING);
            OrdinaryUser.give(scratch);
            launch = launch.by(OrdinaryUser.command(List.of()).toArray(String[]::new));
        }
        ShellClient started = launch.start();
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
        ShellClient running = start(ordinaryUser);
        WorkerTree plain = WorkerTree.in(scratch, "plain");
        WorkerTree writer = WorkerTree.in(scratch, "writer");
        WorkerTree hidden = WorkerTree.in(scratch, "hidden");
        if (ordinaryUser) {
            OrdinaryUser.give(scratch);
        }
        Map<WorkerTree, String> jobs = Map.of(
                plain, running.spawn("cd '" + plain.directory() + "'\n" + SCRIPT + "exec beat worker"),
                writer, // dies at its next write once its pipe has no reader
                        running.spawn("cd '" + writer.directory() + "'\n" + SCRIPT
                                + "while echo '{}'; do echo >>worker; sleep 0.01; done"),
                hidden, running.spawn("cd '" + hidden.directory() + "'\n" + SCRIPT + "exec hidden worker"));
        for (WorkerTree tree : jobs.keySet()) {
            Polling.until(
                    "writers in " + tree.directory(),
                    () -> tree.written().keySet().containsAll(KINDS));
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
    private static void awaitLook(ShellClient running) {
        String job = running.spawn("exec sleep 1000");
        assertThat(running.cancel(job, true)).isTrue();
        running.awaitEnd(job);
    }
}

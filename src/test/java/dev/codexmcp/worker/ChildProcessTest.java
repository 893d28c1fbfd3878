package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.faults.ShellCodex;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.worker.ChildProcess.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A child's output is read to the end, and its end is reported once. */
class ChildProcessTest {
    private static final String VARIABLE = "CHILD_PROCESS_TEST";

    /** A process inherits ignored signals, which under {@code nohup} means SIGHUP. */
    private static final String DEFAULT_SIGNALS = """
            if env --default-signal true 2>/dev/null; then exec env --default-signal /bin/sh -c "$0"; fi
            eval "$0"
            """;

    private static final ProcessTreeKiller KILLER = new ProcessTreeKiller(VARIABLE);

    @TempDir
    Path scratch;

    private final ManualTimer timer = new ManualTimer();
    private final RecordingSink stdout = new RecordingSink();
    private final RecordingSink stderr = new RecordingSink();
    private final Queue<ExitStatus> ends = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
        KILLER.killCarriers("");
    }

    @SuppressWarnings("NullAway") // it does not see nullable arrays in class files
    private ChildProcess start(String program, List<String> arguments, byte @Nullable [] stdin) throws StartException {
        Command command = new Command(
                program, arguments, Set.of(), Map.of("EXTRA", "more"), new Cookie(VARIABLE, "test/1"), stdin, false);
        return ChildProcess.start(command, stdout, stderr, KILLER, timer, ends::add);
    }

    /** Starts a shell that ignores no signals, if this system's {@code env} supports that. */
    private ChildProcess shell(String script) throws StartException {
        return start("/bin/sh", List.of("-c", DEFAULT_SIGNALS, script), null);
    }

    /**
     * Starts a shell that runs the first part, waits until both its streams are being read, and runs the second. The
     * JDK closes the streams of a process that has exited unless they are being read by then.
     */
    private ChildProcess shellOnceRead(String first, String second) throws Exception {
        Path read = scratch.resolve("read");
        ChildProcess child = shell(
                "echo up; echo up >&2; " + first + " until [ -e '" + read + "' ]; do sleep 0.01; done; " + second);
        Polling.until(
                "first output",
                () -> stdout.text().equals("up\n") && stderr.text().equals("up\n"));
        Files.createFile(read);
        return child;
    }

    @Test
    @SuppressWarnings("NullAway") // it does not see nullable arrays in class files
    void removesUnsetVariablesFromTheEnvironment() throws Exception {
        Command command = new Command(
                "/bin/sh",
                List.of("-c", "echo \"${HOME-homeless} $EXTRA\""),
                Set.of("HOME", "EXTRA", "NOT_THERE"),
                Map.of("EXTRA", "more"),
                new Cookie(VARIABLE, "test/1"),
                null,
                false);
        ChildProcess.start(command, stdout, stderr, KILLER, timer, ends::add);

        awaitEnd();

        assertThat(stdout.text()).isEqualTo("homeless more\n");
    }

    private void awaitExit() {
        Polling.until("exit", () -> timer.waiting() == 1);
    }

    private ExitStatus awaitEnd() {
        Polling.until("the end", () -> !ends.isEmpty());
        assertThat(ends).hasSize(1);
        return ends.element();
    }

    @Test
    void reportsTheEndAfterAllOutputHasBeenRead() throws Exception {
        shell("echo out; echo err >&2; echo \"$EXTRA\"; exit 3");

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(3, null));
        assertThat(stdout.text()).isEqualTo("out\nmore\n");
        assertThat(stderr.text()).isEqualTo("err\n");
        assertThat(List.of(stdout.ends(), stderr.ends())).containsExactly(1, 1);
    }

    @ParameterizedTest
    @CsvSource({"HUP, SIGHUP", "KILL, SIGKILL", "TERM, SIGTERM", "SEGV, SIGSEGV"})
    void reportsTheSignalThatEndedTheProcess(String signal, String name) throws Exception {
        shell("kill -" + signal + " $$");

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(null, name));
    }

    @Test
    void stdinIsAtEofIfThereIsNoInput() throws Exception {
        shell("cat; echo read");

        awaitEnd();
        assertThat(stdout.text()).isEqualTo("read\n");
    }

    @Test
    void writesInputOfAnyLength() throws Exception {
        byte[] prompt = "0123456789abcdef".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);

        start("/bin/sh", List.of("-c", "wc -c"), prompt);

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(0, null));
        assertThat(stdout.text().strip()).isEqualTo(String.valueOf(prompt.length));
    }

    @Test
    void childThatNeverReadsItsInputEndsNormally() throws Exception {
        start("/bin/sh", List.of("-c", "exit 5"), new byte[8 * 1024 * 1024]);

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(5, null));
    }

    @Test
    void grandchildThatHoldsThePipeDoesNotDelayTheEnd() throws Exception {
        shellOnceRead("sleep 1000 &", "exit 4");

        awaitExit();
        assertThat(ends).isEmpty();
        timer.runAll();

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(4, null));
        assertThat(stdout.text()).isEqualTo("up\n");
        assertThat(stdout.ends()).isZero();
    }

    @Test
    void readsGrandchildOutputAfterTheExitUntilTheTimeout() throws Exception {
        Path go = scratch.resolve("go");
        shellOnceRead(
                "(until [ -e '" + go + "' ]; do sleep 0.01; done; echo late; echo later >&2; exec sleep 1000) &",
                "exit 0");
        awaitExit();

        Files.createFile(go);

        Polling.until("late output", () -> stdout.text().equals("up\nlate\n"));
        Polling.until("late output", () -> stderr.text().equals("up\nlater\n"));
        assertThat(ends).isEmpty();
        timer.runAll();
        assertThat(awaitEnd()).isEqualTo(new ExitStatus(0, null));
    }

    @Test
    void endsBeforeTheTimeoutIfTheGrandchildClosesThePipe() throws Exception {
        Path go = scratch.resolve("go");
        shellOnceRead("(until [ -e '" + go + "' ]; do sleep 0.01; done; echo late) &", "exit 0");
        awaitExit();

        Files.createFile(go);

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(0, null));
        assertThat(stdout.text()).isEqualTo("up\nlate\n");
        timer.runAll();
        assertThat(ends).hasSize(1);
    }

    @Test
    void endAfterTheExitKillsTheProcessThatHoldsThePipe() throws Exception {
        ChildProcess child = shellOnceRead("setsid sleep 1000 &", "exit 0");
        awaitExit();

        child.end(false);

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(0, null));
        assertThat(stdout.ends()).isEqualTo(1);
    }

    @Test
    void readsOutputBetweenTheSignalAndTheExit() throws Exception {
        ChildProcess child = shell("trap 'echo goodbye; exit 9' TERM; echo up; while :; do sleep 0.01; done");
        Polling.until("start", () -> stdout.text().equals("up\n"));

        child.end(false);

        assertThat(awaitEnd()).isEqualTo(new ExitStatus(9, null));
        assertThat(stdout.text()).isEqualTo("up\ngoodbye\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "no permission", "folder", "interpreter missing"})
    void reportsWhyAProcessCannotStart(String what) throws Exception {
        Path program = scratch.resolve("program");
        switch (what) {
            case "missing" -> {}
            case "no permission" -> Files.writeString(program, "#!/bin/sh\n");
            case "folder" -> Files.createDirectory(program);
            default -> ShellCodex.program(program, "#!/nowhere/interpreter\n");
        }
        Map<String, String> reasons = Map.of(
                "missing", "No such file",
                "no permission", "Permission denied",
                "folder", "Permission denied",
                "interpreter missing", "No such file");

        assertThatThrownBy(() -> start(program.toString(), List.of(), null))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(program.toString())
                .hasMessageContaining(reasons.get(what));
        assertThat(ends).isEmpty();
    }

    /** The JDK passes a file that the system cannot execute to a shell, which then fails. */
    @Test
    void fileOfUnknownFormatFailsWithAMessageThatNamesIt() throws Exception {
        Path program = scratch.resolve("program");
        ShellCodex.program(program, "\177ELF that is none\n");

        start(program.toString(), List.of(), null);

        assertThat(awaitEnd().code()).isNotNull().isNotZero();
        assertThat(stderr.text()).contains(program.toString());
    }

    @Test
    void reportsAnArgumentThatIsTooLong() {
        assertThatThrownBy(() -> start("/bin/true", List.of("x".repeat(200_000)), null))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Argument list too long");
    }
}

package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Once the server is gone, the watchdog kills the processes with the server's cookie and their descendants, and nothing
 * else.
 */
@EnabledOnOs(OS.LINUX)
class WatchdogTest {
    private static final String VARIABLE = "CODEX_MCP_JOB";

    @TempDir
    Path scratch;

    private final String server = UUID.randomUUID().toString();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killAll() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        watchdogs().kill();
    }

    private Process host(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WatchdogHost.class.getName(),
                VARIABLE,
                server + "/"));
        command.addAll(List.of(more));
        Process host = start(Map.of(), command.toArray(String[]::new));
        assertThat(host.inputReader().readLine()).isEqualTo("started");
        Polling.until("watchdog", () -> watchdogs().find().size() == 1);
        return host;
    }

    private Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(scratch.toFile());
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Process carrier(String cookies) throws IOException {
        return start(Map.of(VARIABLE, cookies), "sleep", "1000");
    }

    /** The watchdogs of this test's server: shells that have its cookie among their arguments, but are not its host. */
    private ProcessProbe watchdogs() {
        return ProcessProbe.withCommand(server)
                .and(ProcessProbe.withCommand("watchdog"))
                .butNot(ProcessProbe.withCommand(WatchdogHost.class.getName()));
    }

    private void awaitWatchdogGone() {
        watchdogs().awaitNone();
    }

    private static void awaitGone(Process process) {
        Polling.until("end of " + process.info(), () -> !process.isAlive());
    }

    /** Neither a process that has died nor one that has its id by now keeps it. */
    @Test
    void itIsDismissedOnceAllItsProcessesHaveDied() throws Exception {
        Watchdog watchdog = new Watchdog(VARIABLE, server + "/");
        watchdog.ensureRunning();
        Process alive = start(Map.of(), "sleep", "1000");
        long start = ProcFs.start(alive.toHandle()).orElseThrow();
        watchdog.add(alive.pid(), start);
        watchdog.add(ProcessHandle.current().pid(), 1);

        watchdog.dismiss();
        boolean kept = watchdogs().find().size() == 1;
        alive.destroyForcibly().waitFor();
        watchdog.dismiss();

        assertThat(kept).isTrue();
        watchdogs().awaitNone();
    }

    @Test
    void killsProcessesWithTheCookieOnceTheServerIsGone(TestReporter reporter) throws Exception {
        Process host = host();
        Process worker = carrier(server + "/job-1");
        Process other = carrier(server + "/job-2");
        Process nested = carrier("outer/job " + server + "/job-3 inner/job");
        assertThat(worker.isAlive()).isTrue();

        long start = System.nanoTime();
        host.destroyForcibly();
        awaitGone(worker);
        awaitGone(other);
        awaitGone(nested);
        reporter.publishEntry("killed after ms", String.valueOf((System.nanoTime() - start) / 1_000_000));

        awaitWatchdogGone();
    }

    /** Most servers never start a worker, and then no process needs to search the machine at shutdown. */
    @Test
    void exitsWithItsServerIfThereWasNothingToGuard() throws Exception {
        Process host = host("prepared");
        Process worker = carrier(server + "/job");

        host.destroyForcibly();

        awaitWatchdogGone();
        assertThat(worker.isAlive()).isTrue();
    }

    @Test
    void killsDescendantsWithoutTheCookie() throws Exception {
        Process host = host();
        Process worker = start(
                Map.of(VARIABLE, server + "/job"),
                "sh",
                "-c",
                "env -i PATH=\"$PATH\" setsid sh -c 'sleep 1000 & wait' & wait");
        Polling.until("grandchildren", () -> worker.descendants().count() >= 2);

        host.destroyForcibly();

        awaitWatchdogGone();
        ProcessProbe.inDirectory(scratch).awaitNone();
    }

    @Test
    void neverSignalsAProcessOfAnotherServer() throws Exception {
        Process host = host();
        Process worker = carrier(server + "/job");
        List<Process> others = List.of(
                carrier(UUID.randomUUID() + "/job"),
                carrier(server.substring(0, server.length() - 1) + "/job"),
                carrier(server + "0/job"),
                carrier(server),
                carrier("outer/job " + server + "0/job"),
                carrier("outer/job x" + server + "/job"),
                carrier("of/" + server + "/job"),
                start(Map.of("X" + VARIABLE, server + "/job"), "sleep", "1000"),
                start(Map.of(VARIABLE + "S", server + "/job"), "sleep", "1000"),
                start(Map.of("TEXT", VARIABLE + "=" + server + "/job"), "sleep", "1000"),
                start(Map.of("TEXT", "first line\n" + VARIABLE + "=" + server + "/job"), "sleep", "1000"),
                start(Map.of(), "sh", "-c", "sleep 1000; :", VARIABLE + "=" + server + "/job"),
                start(Map.of(), "env", "-i", "sh", "-c", "sleep 1000; :", "codex-mcp-watchdog"));

        host.destroyForcibly();
        awaitGone(worker);
        awaitWatchdogGone();

        assertThat(others)
                .allSatisfy(other ->
                        assertThat(other.isAlive()).as("%s", other.info()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "QUIT", "TERM", "TSTP"})
    void survivesASignalToTheWholeGroup(String signal) throws Exception {
        Process host = host();
        Process worker = start(Map.of(VARIABLE, server + "/job"), "setsid", "sleep", "1000");
        long group = host.pid();

        // Java ignores TSTP without a terminal and survives QUIT; the other signals end it.
        assertThat(start(Map.of(), "sh", "-c", "kill -" + signal + " -" + group).waitFor())
                .isZero();
        host.destroyForcibly();

        awaitGone(worker);
        awaitWatchdogGone();
    }

    @Test
    void survivesAKillOfTheWholeGroup() throws Exception {
        Process host = host();
        Process worker = start(Map.of(VARIABLE, server + "/job"), "setsid", "sleep", "1000");

        assertThat(start(Map.of(), "sh", "-c", "kill -KILL -" + host.pid()).waitFor())
                .isZero();

        awaitGone(worker);
        awaitWatchdogGone();
    }

    @Test
    void isReplacedIfItHasBeenKilled() throws Exception {
        Process host = host();
        Process worker = carrier(server + "/job");
        watchdogs().kill();
        awaitWatchdogGone();

        // The host may notice its death with a delay.
        Polling.until("another watchdog", () -> {
            host.getOutputStream().write('\n');
            host.getOutputStream().flush();
            return "started".equals(host.inputReader().readLine())
                    && watchdogs().find().size() == 1;
        });
        host.destroyForcibly();

        awaitGone(worker);
        awaitWatchdogGone();
    }

    @Test
    void exitsIfThereIsNothingToKill() throws Exception {
        Process host = host();

        host.destroyForcibly();

        awaitWatchdogGone();
    }

    @Test
    void killsProcessesStartedDuringItsSearch() throws Exception {
        Process host = host();
        // Each process starts the next one and exits, so that only the cookie identifies them.
        Path chain = scratch.resolve("chain");
        Files.writeString(chain, "sleep 0.05\nsetsid sh '" + chain + "' &\n");
        start(Map.of(VARIABLE, server + "/job"), "sh", chain.toString()).waitFor();

        host.destroyForcibly();
        awaitWatchdogGone();

        assertThat(ProcessTreeKiller.carriers(VARIABLE, server)).isEmpty();
    }
}

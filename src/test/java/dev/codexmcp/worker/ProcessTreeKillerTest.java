package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.worker.ChildProcess.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends a process and all its descendants, and nothing else. */
@EnabledOnOs(OS.LINUX)
class ProcessTreeKillerTest {
    private static final String VARIABLE = "REAPER_TEST";

    @TempDir
    Path scratch;

    private final String server = UUID.randomUUID().toString();
    private final ProcessTreeKiller killer = new ProcessTreeKiller(VARIABLE);
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();

    @AfterEach
    void killAll() {
        killer.killCarriers(server);
        timer.shutdownNow();
    }

    /** Starts a shell in a folder with this name. */
    @SuppressWarnings("NullAway") // it does not see nullable arrays in class files
    private ChildProcess start(String name, String script) throws Exception {
        Path folder = Files.createDirectories(scratch.resolve(name));
        Command command = new Command(
                "/bin/sh",
                List.of("-c", "cd '" + folder + "'\n" + script),
                Set.of(),
                Map.of(),
                new Cookie(VARIABLE, server + "/" + name),
                null,
                false);
        ChildProcess child = ChildProcess.start(
                command,
                new RecordingSink(),
                new RecordingSink(),
                killer,
                timer,
                exit -> ended.add(name + " " + exit.describe()));
        Polling.until(name + " is up", () -> Files.exists(folder.resolve("up")));
        return child;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsDescendantsOfEveryKind(boolean force) throws Exception {
        ChildProcess child = start("tree", """
                (setsid sleep 1000 </dev/null >/dev/null 2>&1 &)
                env -i sleep 1000 &
                sh -c 'trap "" TERM; touch up; while :; do sleep 1000; done' &
                wait
                """);

        child.end(force);

        Polling.until("end", () -> !ended.isEmpty());
        assertThat(ended).containsExactly("tree " + (force ? "SIGKILL" : "SIGTERM"));
        ProcessProbe.inDirectory(scratch.resolve("tree")).awaitNone();
    }

    @Test
    void endsWhatADaemonStartedWithoutTheCookie() throws Exception {
        ChildProcess child = start(
                "tree",
                "(setsid sh -c 'env -i sleep 1000 & wait' </dev/null >/dev/null 2>&1 &)\ntouch up\nexec sleep 1000");
        Polling.until(
                "three processes",
                () -> ProcessProbe.inDirectory(scratch.resolve("tree")).find().size() == 3);

        child.end(false);

        Polling.until("end", () -> !ended.isEmpty());
        ProcessProbe.inDirectory(scratch.resolve("tree")).awaitNone();
    }

    @Test
    void sparesASiblingWhoseCookieHasTheSamePrefix() throws Exception {
        ChildProcess child = start("job", "touch up; exec sleep 1000");
        start("job2", "touch up; (setsid sleep 1000 &); exec sleep 1000");

        child.end(true);

        Polling.until("end", () -> !ended.isEmpty());
        assertThat(ended).containsExactly("job SIGKILL");
        assertThat(ProcessProbe.inDirectory(scratch.resolve("job2")).find()).hasSize(2);
    }

    @Test
    void sparesAProcessWithTheCookieOnlyInItsArguments() throws Exception {
        ChildProcess child = start("job", "touch up; exec sleep 1000");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "sleep 1000; :", VARIABLE + "=" + server + "/job");
        builder.environment().put("TEXT", "\n" + VARIABLE + "=" + server + "/job");
        builder.environment().put("X" + VARIABLE, server + "/job");
        Process other = builder.start();
        try {
            child.end(true);
            Polling.until("end", () -> !ended.isEmpty());
            killer.killCarriers(server);

            assertThat(other.isAlive()).isTrue();
        } finally {
            other.descendants().forEach(ProcessHandle::destroyForcibly);
            other.destroyForcibly();
        }
    }

    @Test
    void forceKillsAfterAnIgnoredSignal() throws Exception {
        ChildProcess child = start("job", "trap 'touch asked' TERM; touch up; while :; do sleep 0.01; done");

        child.end(false);
        Polling.until("SIGTERM", () -> Files.exists(scratch.resolve("job/asked")));
        assertThat(ended).isEmpty();
        child.end(true);

        Polling.until("end", () -> !ended.isEmpty());
        assertThat(ended).containsExactly("job SIGKILL");
    }

    @Test
    void repeatedConcurrentRequestsEndEachProcessOnce() throws Exception {
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            children.add(
                    start("job" + i, "(setsid sleep 1000 </dev/null >/dev/null 2>&1 &); touch up; exec sleep 1000"));
        }

        children.parallelStream().forEach(child -> {
            for (int times = 0; times < 5; times++) {
                child.end(times % 2 == 1);
            }
        });

        Polling.until("ends", () -> ended.size() >= 40);
        Polling.until(
                "nobody at work", () -> ProcessProbe.inDirectory(scratch).find().isEmpty());
        assertThat(ended).doesNotHaveDuplicates().hasSize(40);
    }

    @Test
    void killCarriersKillsWhatEndedProcessesLeftBehind() throws Exception {
        start("job", "(setsid sleep 1000 </dev/null >/dev/null 2>&1 &); touch up; exit 0");
        Polling.until("end", () -> !ended.isEmpty());
        assertThat(ProcessProbe.inDirectory(scratch.resolve("job")).find()).hasSize(1);

        killer.killCarriers(server + "/");

        Polling.until(
                "nobody at work", () -> ProcessProbe.inDirectory(scratch).find().isEmpty());
    }
}
